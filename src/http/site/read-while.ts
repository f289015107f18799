/** Reads a stream until it ends or the condition is no longer true, and drops the rest. */
export async function readWhile(condition: () => boolean, stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader();
  let isDone = false;
  while (!isDone && condition()) ({ done: isDone } = await reader.read());
  await reader.cancel();
}
