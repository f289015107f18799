// The visitors: in a process of their own, they ask as fast as they are answered.
import { type Exchange, openConnection } from "./exchange.ts";

export interface LoadQuestion {
  readonly exchange: Exchange;
  readonly connections: number;
  readonly milliseconds: number;
}

export interface LoadAnswer {
  readonly requests: number;
  readonly seconds: number;
  /** Of every request, in milliseconds. */
  readonly firstByteMs: readonly number[];
  /** `null` when all went well. */
  readonly error: string | null;
}

process.on("message", async (question: LoadQuestion) => process.send?.(await run(question)));
process.once("disconnect", () => process.exit());

async function run({ exchange, connections, milliseconds }: LoadQuestion): Promise<LoadAnswer> {
  const opened = Array.from({ length: connections }, () => openConnection(exchange));
  const firstByteMs: number[] = [];
  const startedAt = performance.now();
  try {
    await Promise.all(
      opened.map(async (connection) => {
        while (performance.now() - startedAt < milliseconds) firstByteMs.push(await connection.exchange());
      }),
    );
  } catch (error) {
    return { requests: 0, seconds: 0, firstByteMs: [], error: String(error) };
  } finally {
    for (const connection of opened) connection.close();
  }
  return {
    requests: firstByteMs.length,
    seconds: (performance.now() - startedAt) / 1000,
    firstByteMs,
    error: null,
  };
}
