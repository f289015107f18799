import { type Rule } from "./rules.ts";

/** What the routes need of a KV namespace. */
export interface Namespace {
  get(key: string): Promise<string | null>;
  put(key: string, value: string, options: { readonly expirationTtl: number }): Promise<void>;
}

/** The product's chat routes, as one isolate runs them. */
export interface ChatWorker {
  fetch(request: Request, kv: Namespace): Promise<Response>;
}

export interface ChatWorkerOptions {
  readonly settings: Readonly<Record<string, string>>;
  /** How Amazon Connect is reached. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The clock, in seconds since 1970. */
  readonly now: () => number;
  /** The rule that this Worker does not follow; `null`: it is as it is. */
  readonly without: Rule | null;
}
