import { type VisitorNamespace } from "../../../src/adapters/visitor-store.ts";
import { settings as baseSettings } from "../../worker/settings.ts";
import { type Amazon, createAmazon } from "./amazon/amazon.ts";
import { type Effect } from "./amazon/service-api.ts";
import { type ChatWorker } from "./chat-worker.ts";
import { type Clock, createClock } from "./clock.ts";
import { currentCall } from "./current-call.ts";
import { createKv } from "./kv.ts";
import { createChatWorker } from "./load-chat-worker.ts";
import { type Device, type ReceivedCall, type Traffic } from "./messages.ts";
import { createRandom, type Random } from "./random.ts";
import { type Figures } from "../report.ts";
import { type Rule } from "./rules.ts";
import { type Mode, type Setup, setupOf, toSettings } from "./setups.ts";
import { createTruth, type Truth } from "./truth.ts";

export const LOCATIONS = 3;
export const VISITOR_ATTRIBUTE = "persistentChatVisitor";
const VISITOR_PREFIX = "visitor:";
const ERASURE_PREFIX = "erased:";
const START = Date.UTC(2026, 0, 1);

export type KvHealth = "works" | "takes nothing" | "down";

export interface WorldOptions {
  readonly mode: Mode;
  readonly without: Rule | null;
  readonly seed: number;
  readonly figures: Figures;
  /** Called when Amazon has done or refused something. */
  readonly watch: (world: World, effect: Effect, call: ReceivedCall) => void;
  /** Called when KV stores a visitor's record. */
  readonly watchRecord: (world: World, record: WrittenRecord, call: ReceivedCall) => void;
}

/** A visitor's record in KV. */
export interface WrittenRecord {
  readonly visitorKey: string;
  readonly contactIds: readonly string[];
}

/** Everything around the browsers of one history. */
export interface World {
  readonly clock: Clock;
  readonly truth: Truth;
  readonly amazon: Amazon;
  readonly figures: Figures;
  readonly setup: Setup;
  readonly without: Rule | null;
  /** The visitor key of each visitor cookie, by its sealed text. */
  readonly cookieKeys: Map<string, string>;
  /** Each customer, by visitor key. */
  readonly customers: Map<string, string>;
  /** Every browser that there ever was. */
  readonly devices: Device[];
  /** Whether a call now and then fails. */
  mayFail: boolean;
  kvHealth: KvHealth;
  workerAt(location: number): Promise<ChatWorker>;
  /** KV as one call sees it. */
  openKv(caller: Caller): { readonly namespace: VisitorNamespace; readonly traffic: Traffic };
}

interface Caller {
  readonly person: string;
  readonly location: number;
  readonly random: Random;
}

export function createWorld({ mode, without, seed, figures, watch, watchRecord }: WorldOptions): World {
  const random = createRandom(seed);
  const clock = createClock(START);
  const truth = createTruth();
  const kv = createKv(LOCATIONS, random);
  const amazon = createAmazon({
    clock,
    random,
    attribute: VISITOR_ATTRIBUTE,
    mayFail: () => world.mayFail,
    watch: (effect, call) => watch(world, effect, call),
  });
  const workers = new Map<number, ChatWorker>();
  const setup = setupOf(mode);
  const settings = { ...baseSettings, ...toSettings(setup) };
  const now = () => Math.floor(clock.now() / 1000);

  const world: World = {
    clock,
    truth,
    amazon,
    figures,
    setup,
    without,
    cookieKeys: new Map(),
    customers: new Map(),
    devices: [],
    mayFail: true,
    kvHealth: "works",
    async workerAt(location) {
      const worker =
        workers.get(location) ??
        (await createChatWorker({ settings, fetch: amazon.fetchFrom(location), now, without }));
      workers.set(location, worker);
      return worker;
    },
    openKv({ person, location, random }) {
      const traffic: Traffic = {
        reads: 0,
        writes: 0,
        hasFailed: false,
        beganAt: clock.now(),
        asked: [],
        askedAt: null,
        wasAmazonSilent: false,
      };
      const fail = (reason: string) => {
        traffic.hasFailed = true;
        throw new Error(reason);
      };
      const failsNow = () => world.mayFail && random.chance(0.01);
      const namespace: VisitorNamespace = {
        async get(keys) {
          traffic.reads += 1;
          await clock.sleep(random.between(2, 150));
          if (world.kvHealth === "down" || failsNow()) return fail("KV is down");
          return new Map(keys.map((key) => [key, kv.read(location, key, clock.now())]));
        },
        async put(key, value, { expirationTtl }) {
          traffic.writes += 1;
          await clock.sleep(random.between(5, 300));
          // Source: Cloudflare KV documentation, "Limits": one write per second to the same key; not every further write is refused.
          if (clock.now() < kv.writtenAt(key) + 1000 && random.chance(0.5))
            fail("KV PUT failed: 429 Too Many Requests");
          const isLost = failsNow();
          if (world.kvHealth !== "works" || (isLost && random.chance(0.5))) fail("KV is down");
          const record = noteRecord(truth, { key, value, person, now: clock.now(), beganAt: traffic.beganAt });
          if (record !== null) watchRecord(world, record, currentCall.read());
          kv.write(location, key, { value, ttlSeconds: expirationTtl }, clock.now());
          await clock.sleep(random.between(5, 300));
          if (isLost) fail("KV has answered too late");
        },
      };
      return { namespace, traffic };
    },
  };
  return world;
}

interface Write {
  readonly key: string;
  readonly value: string;
  readonly person: string;
  readonly now: number;
  readonly beganAt: number;
}

interface StoredRecord {
  readonly sessions: readonly { readonly contactId: string }[];
}

/**
 * Tells `truth` about a write to KV.
 *
 * @returns `null` for a write that changes nobody's record; for the note of a move, the record of the customer.
 */
function noteRecord(truth: Truth, { key, value, person, now, beganAt }: Write): WrittenRecord | null {
  if (key.startsWith(ERASURE_PREFIX)) {
    const visitorKey = key.slice(ERASURE_PREFIX.length);
    const [erasedAt, movedTo] = value.split(" ");
    if (movedTo !== undefined) {
      truth.movedAway(visitorKey, { customerKey: movedTo, at: now });
      return { visitorKey: movedTo, contactIds: [] };
    }
    truth.erased(visitorKey, { erasedAt: Number(erasedAt), at: now });
  }
  if (!key.startsWith(VISITOR_PREFIX)) return null;
  const { sessions }: StoredRecord = JSON.parse(value);
  const contactIds = sessions.map(({ contactId }) => contactId);
  for (const contactId of contactIds) truth.recorded(contactId, person, { beganAt, now });
  return { visitorKey: key.slice(VISITOR_PREFIX.length), contactIds };
}
