import { type Connect } from "../connect.ts";

export interface FollowedFeed {
  /** What came so far, oldest first. */
  readonly items: Record<string, unknown>[];
  close(): void;
}

/** Follows a chat as the customer's client does. */
export async function followFeed(connect: Connect, participantToken: string): Promise<FollowedFeed> {
  const caller = new AbortController();
  const headers = { "x-amz-bearer": participantToken };
  const { body } = await fetch(`${connect.origin}/participant/feed`, { headers, signal: caller.signal });
  const items: Record<string, unknown>[] = [];
  if (body !== null) void read(body, items).catch(() => undefined);
  return { items, close: () => caller.abort() };
}

async function read(body: ReadableStream<Uint8Array>, items: Record<string, unknown>[]): Promise<void> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) if (event.startsWith("data: ")) items.push(JSON.parse(event.slice(6)));
  }
}
