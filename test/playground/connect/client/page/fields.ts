import type { Switches } from "../../switches.ts";

const KNOWN_FIELDS = [
  "snippetId",
  "styles",
  "supportedMessagingContentTypes",
  "authenticate",
  "contactMetadataHandler",
  "registerCallback",
  "contactAttributes",
  "customerDisplayName",
  "customLaunchBehavior",
  "customStartChat",
  "chatDurationInMinutes",
  "nonce",
  "disableCSM",
  "language",
] as const;
const MANDATORY_FIELDS: readonly Field[] = ["snippetId", "styles", "supportedMessagingContentTypes"];

export type Field = (typeof KNOWN_FIELDS)[number];

/** The fields that the page set by amazon_connect(field, value), without unknown ones. */
export class Fields {
  readonly #values = new Map<string, unknown[]>();
  readonly #repeated: Switches["repeatedField"];

  constructor(queue: readonly ArrayLike<unknown>[], repeated: Switches["repeatedField"]) {
    this.#repeated = repeated;
    for (const call of queue) this.set(call[0], call[1]);
  }

  set(field: unknown, value: unknown): void {
    if (!KNOWN_FIELDS.some((known) => known === field)) return;
    this.#values.set(String(field), [...(this.#values.get(String(field)) ?? []), value]);
  }

  /** Every value that counts, in the order of the calls. */
  all(field: Field): unknown[] {
    const values = this.#values.get(field) ?? [];
    if (this.#repeated === "both") return values;
    return this.#repeated === "first" ? values.slice(0, 1) : values.slice(-1);
  }

  /** The value that counts, for a field with one value. */
  one(field: Field): unknown {
    return this.all(field).at(-1);
  }

  text(field: Field): string | null {
    const value = this.one(field);
    return typeof value === "string" && value !== "" ? value : null;
  }

  record(field: Field): Record<string, unknown> {
    const value = this.one(field);
    return typeof value === "object" && value !== null ? { ...value } : {};
  }

  missing(): Field[] {
    return MANDATORY_FIELDS.filter((field) => typeof this.one(field) !== (field === "snippetId" ? "string" : "object"));
  }
}
