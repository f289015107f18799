/** A simulated clock, and the strands of work that wait for it. Times are in milliseconds since 1970. */
export interface Clock {
  now(): number;
  /** Begins a strand of work; other strands run while this one waits. */
  spawn(work: () => Promise<unknown>): void;
  /** Makes the calling strand wait for `wake`; a second `wake` has no effect. */
  suspend<T>(register: (wake: (value: T) => void) => void): Promise<T>;
  sleep(ms: number): Promise<void>;
  after(ms: number, action: () => void): void;
  /** Moves on from one event to the next, until nothing waits any more. */
  run(): Promise<void>;
}

interface Event {
  readonly at: number;
  readonly happen: () => void | Promise<void>;
}

/** Runs one strand at a time, so that a history always has the same result. */
export function createClock(start: number): Clock {
  const events: Event[] = [];
  const failures: unknown[] = [];
  let now = start;
  let pause: () => void = () => undefined;

  const schedule = (at: number, happen: Event["happen"]) => {
    const index = events.findLastIndex((event) => event.at <= at);
    events.splice(index + 1, 0, { at, happen });
  };
  const untilItWaits = (goOn: () => void) =>
    new Promise<void>((resolve) => {
      pause = resolve;
      goOn();
    });
  const begin = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      failures.push(error);
    }
    pause();
  };
  const clock: Clock = {
    now: () => now,
    spawn: (work) => schedule(now, () => untilItWaits(() => void begin(work))),
    suspend: (register) =>
      new Promise((resolve) => {
        let isAsleep = true;
        register((value) => {
          if (!isAsleep) return;
          isAsleep = false;
          schedule(now, () => untilItWaits(() => resolve(value)));
        });
        pause();
      }),
    sleep: (ms) => clock.suspend((wake) => clock.after(ms, () => wake(undefined))),
    after: (ms, action) => schedule(now + ms, action),
    async run() {
      for (let event = events.shift(); event !== undefined; event = events.shift()) {
        now = event.at;
        await event.happen();
        if (failures.length > 0) throw failures[0];
      }
    },
  };
  return clock;
}

/** Runs work one after the other, in the order in which it came. */
export type Lock = <T>(work: () => Promise<T>) => Promise<T>;

export function createLock(clock: Clock): Lock {
  const waiting: (() => void)[] = [];
  let isHeld = false;
  return async (work) => {
    if (isHeld) await clock.suspend<void>((wake) => waiting.push(() => wake()));
    isHeld = true;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) isHeld = false;
      else next();
    }
  };
}

/** As in a browser without Web Locks, where each tab makes its calls alone. */
export const noLock: Lock = (work) => work();
