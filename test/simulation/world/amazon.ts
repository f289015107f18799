import { type Clock } from "./clock.ts";
import { type Random } from "./random.ts";
import { type Truth } from "./truth.ts";

export type Health = "works" | "slow" | "down" | "throttles";

/** How long the product waits for Amazon, in milliseconds. */
const PATIENCE_MS = 1500;
/** The longest time without questions to Amazon after a failure, in milliseconds. */
const SILENCE_MS = 61_000;

/** Amazon Connect's service API: knows the attributes of every contact. */
export interface Amazon {
  health: Health;
  fetchFrom(location: number): (request: Request) => Promise<Response>;
  /** Whether the isolate at this location may have no answer of Amazon now. */
  isSilentAt(location: number): boolean;
}

interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly truth: Truth;
  /** The attribute with the visitor key. */
  readonly attribute: string;
}

export function createAmazon({ clock, random, truth, attribute }: Surroundings): Amazon {
  const failedAt = new Map<number, number>();
  const amazon: Amazon = {
    health: "works",
    fetchFrom: (location) => async (request) => {
      const { health } = amazon;
      await clock.sleep(health === "slow" ? PATIENCE_MS : random.between(20, 200));
      if (health !== "works") failedAt.set(location, clock.now());
      if (health === "slow") throw new DOMException("The operation timed out", "TimeoutError");
      if (health === "down") throw new TypeError("fetch failed");
      if (health === "throttles") return Response.json({ message: "Too Many Requests" }, { status: 429 });
      const contact = truth.contacts.get(new URL(request.url).pathname.split("/").at(-1) ?? "");
      if (contact === undefined) return Response.json({ message: "Contact not found" }, { status: 404 });
      const { id, visitorKey } = contact;
      return Response.json({ Contact: { Id: id, Channel: "CHAT", Attributes: { [attribute]: visitorKey } } });
    },
    isSilentAt: (location) => clock.now() <= (failedAt.get(location) ?? -Infinity) + SILENCE_MS,
  };
  return amazon;
}
