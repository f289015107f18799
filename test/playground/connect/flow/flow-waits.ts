import type { WaitResult } from "./run-flow.ts";
import type { Switches } from "../switches.ts";

/** The Wait blocks of all running flows. */
export class FlowWaits {
  readonly #switches: Pick<Switches, "typingDuringWait">;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #onMessage = new Map<string, () => void>();

  constructor(switches: Pick<Switches, "typingDuringWait">) {
    this.#switches = switches;
  }

  /** Does not end after `close()`. */
  wait(contactId: string, seconds: number): Promise<WaitResult> {
    return new Promise((resolve) => {
      const end = (result: WaitResult) => {
        this.#clear(timer);
        this.#onMessage.delete(contactId);
        resolve(result);
      };
      let timer = this.#start(seconds, () => end("completed"));
      this.#onMessage.set(contactId, () => {
        if (this.#switches.typingDuringWait === "customer-return") end("customer-return");
        if (this.#switches.typingDuringWait !== "restarts") return;
        this.#clear(timer);
        timer = this.#start(seconds, () => end("completed"));
      });
    });
  }

  /** Must be called when a customer has written. */
  customerWrote(contactId: string): void {
    this.#onMessage.get(contactId)?.();
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #start(seconds: number, action: () => void): NodeJS.Timeout {
    const timer = setTimeout(action, seconds * 1000);
    this.#timers.add(timer);
    return timer;
  }

  #clear(timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    this.#timers.delete(timer);
  }
}
