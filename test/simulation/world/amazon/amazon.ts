import { REPORT_CONNECT_TIMEOUT_MS, TOKEN_CONNECT_TIMEOUT_MS } from "../../../../src/limits.ts";
import { type Clock } from "../clock.ts";
import { currentCall } from "../current-call.ts";
import { type ReceivedCall } from "../messages.ts";
import { type Random } from "../random.ts";
import { type Chats, createChats } from "./chats.ts";
import { type Action, answerServiceCall, type Effect, readServiceCall } from "./service-api.ts";

export type Health = "works" | "slow" | "down" | "throttles";

/** The longest time without questions to Amazon after a failure, in milliseconds. */
const SILENCE_MS = 61_000;

/** What becomes of one call. */
type Fate = "answered" | "never arrives" | "answer lost" | "too late" | "done twice" | 403 | 429 | 500;

/** Amazon Connect, and its service API as the Workers reach it. */
export interface Amazon {
  health: Health;
  /** The action that the AWS key may not take. */
  denied: Action | null;
  readonly chats: Chats;
  fetchFrom(location: number): (request: Request) => Promise<Response>;
  /** Whether the isolate at this location may have no answer of Amazon now. */
  isSilentAt(location: number): boolean;
}

interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  /** The attribute with the visitor key. */
  readonly attribute: string;
  /** Whether a call now and then fails. */
  readonly mayFail: () => boolean;
  readonly watch: (effect: Effect, call: ReceivedCall) => void;
}

export function createAmazon({ clock, random, attribute, mayFail, watch }: Surroundings): Amazon {
  const failedAt = new Map<number, number>();
  const switches = { attributesWhileLive: random.chance(0.5), refusesSecondLink: random.chance(0.5) };
  const chats = createChats(clock, random);

  const drawFate = (action: Action): Fate => {
    const { denied, health } = amazon;
    if (action === denied) return 403;
    if (health === "slow") return random.pick(["too late", "never arrives"]);
    if (health === "throttles") return 429;
    if (health === "down") return random.pick<Fate>(["never arrives", 500]);
    if (!mayFail() || random.chance(0.96)) return "answered";
    return random.pick<Fate>(["never arrives", "answer lost", "too late", "done twice", 429, 500]);
  };

  const amazon: Amazon = {
    health: "works",
    denied: null,
    chats,
    fetchFrom: (location) => async (request) => {
      const received = currentCall.read();
      const call = await readServiceCall(request);
      const answer = () =>
        answerServiceCall(call, {
          chats,
          random,
          now: clock.now(),
          attribute,
          switches,
          watch: (effect) => watch(effect, received),
        });
      const fate = drawFate(call.action);
      const deadline = beginPatience(received, clock.now());
      received.traffic.asked.push(call.action);

      const thereMs = random.between(10, 100);
      const backMs = random.chance(0.05) ? random.between(300, 1500) : random.between(10, 100);
      const lateMs = random.between(0, 6000);
      const noteSilence = () => {
        failedAt.set(location, clock.now());
        received.traffic.wasAmazonSilent = true;
      };
      const fail = (error: Error) => {
        noteSilence();
        throw error;
      };
      if (fate === "too late") {
        clock.after(lateMs, answer);
        await clock.sleep(Math.max(0, deadline - clock.now()));
        return fail(new DOMException("The operation timed out", "TimeoutError"));
      }
      await clock.sleep(thereMs);
      if (fate === "never arrives") return fail(new TypeError("fetch failed"));
      if (typeof fate === "number") {
        noteSilence();
        return Response.json({}, { status: fate });
      }
      const response = answer();
      if (fate === "done twice") clock.after(lateMs, answer);
      const isInTime = clock.now() + backMs <= deadline;
      await clock.sleep(isInTime ? backMs : Math.max(0, deadline - clock.now()));
      if (!isInTime) return fail(new DOMException("The operation timed out", "TimeoutError"));
      return fate === "answer lost" ? fail(new TypeError("fetch failed")) : response;
    },
    isSilentAt: (location) => clock.now() <= (failedAt.get(location) ?? -Infinity) + SILENCE_MS,
  };
  return amazon;
}

/** @returns Until when the Worker waits for Amazon in this call, in milliseconds. */
function beginPatience({ path, traffic }: ReceivedCall, now: number): number {
  traffic.askedAt ??= now;
  return traffic.askedAt + (path.endsWith("/token") ? TOKEN_CONNECT_TIMEOUT_MS : REPORT_CONNECT_TIMEOUT_MS);
}
