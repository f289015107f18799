import { type Case } from "./cases.ts";
import { type Child } from "./processes/child.ts";
import { type Exchange } from "./processes/exchange.ts";
import { type LoadAnswer, type LoadQuestion } from "./processes/load.ts";
import { median } from "./median.ts";
import { readCpuSeconds, readMemoryBytes } from "./processes/process-figures.ts";
import { type MeasuredWorker, type OriginPlace, startMeasured, type WorkerName } from "./workers.ts";

/** How long and how often is measured. */
export interface Plan {
  readonly rounds: number;
  readonly roundMs: number;
}

/** What one Worker did in one round. */
export interface Round {
  readonly requestsPerSecond: number;
  /** `null` where the system does not tell. */
  readonly cpuSecondsPerRequest: number | null;
  /** Of one visitor alone: under load, this would tell only how many others wait. */
  readonly firstByteMs: number;
}

/** What one Worker did in one case. */
export interface Figures {
  readonly worker: WorkerName;
  readonly rounds: readonly Round[];
  /** `null` where the system does not tell. */
  readonly memoryBytes: number | null;
}

/** The visitors, in a process of their own. */
export type Load = Child<LoadQuestion, LoadAnswer>;

interface Contestant {
  readonly worker: MeasuredWorker;
  readonly exchange: Exchange;
  readonly figures: { readonly rounds: Round[]; memoryBytes: number | null };
}

const CONNECTIONS = 8;
const ROUNDS_PER_START = 3;
const WARM_UP_MS = 500;
/** Share of a round that belongs to one visitor alone. */
const ALONE = 0.15;

/**
 * Measures the Workers of a case in turns, each round in another order, so that noise reaches all of them.
 *
 * The Workers start again every few rounds: one process of a Worker may be a few percent faster than another, for its whole life.
 */
export async function measureCase(
  { workers, prepare }: Case,
  { rounds, roundMs }: Plan,
  { load, origin }: { readonly load: Load; readonly origin: OriginPlace },
  onProgress: (text: string) => void,
): Promise<Figures[]> {
  const all = workers.map((worker) => ({ worker, rounds: [] as Round[], memoryBytes: null as number | null }));
  for (let round = 0; round < rounds; round += ROUNDS_PER_START) {
    const started: MeasuredWorker[] = [];
    try {
      const contestants: Contestant[] = [];
      for (const figures of all) {
        const worker = await startMeasured(figures.worker, origin);
        started.push(worker);
        contestants.push({ worker, exchange: await prepare(worker), figures });
      }
      // The engine's compiler needs some hundred requests until it has done its work.
      for (const contestant of contestants) await measureRound(load, contestant, WARM_UP_MS);
      for (let turn = round; turn < Math.min(rounds, round + ROUNDS_PER_START); turn += 1) {
        onProgress(`round ${turn + 1} of ${rounds}`);
        const first = turn % contestants.length;
        for (const contestant of [...contestants.slice(first), ...contestants.slice(0, first)]) {
          contestant.figures.rounds.push(await measureRound(load, contestant, roundMs));
        }
      }
      for (const { worker, figures } of contestants) figures.memoryBytes = readMemoryBytes(worker.pid);
    } finally {
      await Promise.all(started.map((worker) => worker.close()));
    }
  }
  return all;
}

async function measureRound(load: Load, { worker, exchange }: Contestant, roundMs: number): Promise<Round> {
  const alone = await ask(load, { exchange, connections: 1, milliseconds: roundMs * ALONE });
  const before = readCpuSeconds(worker.pid);
  const together = await ask(load, { exchange, connections: CONNECTIONS, milliseconds: roundMs * (1 - ALONE) });
  const after = readCpuSeconds(worker.pid);
  return {
    requestsPerSecond: together.requests / together.seconds,
    cpuSecondsPerRequest: before === null || after === null ? null : (after - before) / together.requests,
    firstByteMs: median(alone.firstByteMs),
  };
}

async function ask(load: Load, question: LoadQuestion): Promise<LoadAnswer> {
  const answer = await load.ask(question);
  if (answer.error !== null) throw new Error(`Cannot measure: ${answer.error}`);
  return answer;
}
