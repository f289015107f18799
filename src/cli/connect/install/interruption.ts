import { printError } from "../../shared/command-line.ts";

/** The owner has pressed Ctrl-C, or has closed the terminal. */
export class Interrupted extends Error {}

/** Ctrl-C while something is made: the running call is waited for, so that what it made can be taken back by its name. */
export interface Interruption {
  /** @throws {Interrupted} After Ctrl-C. */
  check(): void;
  close(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** @param whatMayBeLeft What to tell an owner who presses Ctrl-C again, and does not wait. */
export function listenForInterrupt(whatMayBeLeft: string): Interruption {
  let isInterrupted = false;
  const note = () => {
    if (isInterrupted) {
      printError(whatMayBeLeft);
      process.exit(1);
    }
    isInterrupted = true;
    printError("Stopping: waiting for Connect's answer, to leave nothing half done …");
  };
  for (const signal of SIGNALS) process.on(signal, note);
  return {
    check() {
      if (isInterrupted) throw new Interrupted();
    },
    close() {
      for (const signal of SIGNALS) process.off(signal, note);
    },
  };
}
