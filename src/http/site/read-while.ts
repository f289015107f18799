/** Reads a stream for as long as it has something and the condition holds, and drops the rest. */
export async function readWhile(condition: () => boolean, stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader();
  let isDone = false;
  while (!isDone && condition()) ({ done: isDone } = await reader.read());
  await reader.cancel();
}
