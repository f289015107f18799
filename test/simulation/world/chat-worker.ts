import { type VisitorNamespace } from "../../../src/adapters/visitor-store.ts";
import { type Rule } from "./rules.ts";

/** The product's chat routes, as one isolate runs them. */
export interface ChatWorker {
  fetch(request: Request, kv: VisitorNamespace): Promise<Response>;
}

export interface ChatWorkerOptions {
  readonly settings: Readonly<Record<string, string>>;
  /** How Amazon Connect is reached. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The clock, in seconds since 1970. */
  readonly now: () => number;
  /** The rule that this Worker does not follow; `null`: it follows all rules. */
  readonly without: Rule | null;
}
