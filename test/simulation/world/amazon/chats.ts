import { type Clock } from "../clock.ts";
import { type Random, randomUuid } from "../random.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
/** Source: Amazon Connect API, StartChatContact: a chat lasts 25 hours unless it is ended. */
const LIFE_MS = 25 * 60 * MINUTE_MS;

/** One contact of a chat. A transfer or a survey makes another one. Times are in milliseconds. */
interface Segment {
  readonly id: string;
  readonly startedAt: number;
  endedAt: number | null;
}

/** A chat at Amazon Connect: a session of one contact or more. */
export interface Chat {
  /** Its first contact. */
  readonly id: string;
  readonly visitorKey: string;
  readonly segments: [Segment, ...Segment[]];
  /** From the end of the session until its transcript can be read; `Infinity`: it never can. */
  readonly transcriptMs: number;
  /** Until then some of Amazon's servers do not know the chat. */
  readonly settledAt: number;
  /** The first contacts of the sessions that the chat was linked to: two, if Amazon lets a chat be linked twice. */
  readonly sources: string[];
  /** The contact that it continues from. */
  relatedContactId: string | null;
  /** What each client token was answered. */
  readonly answered: Map<string, string>;
}

/** The chats that Amazon Connect knows. */
export interface Chats {
  start(id: string, visitorKey: string): void;
  /** By any of its contacts. */
  find(contactId: string): Chat | undefined;
  open(): Chat[];
  transfer(chat: Chat): void;
  /** The session goes on where a survey follows. */
  end(chat: Chat, survey?: "survey"): void;
}

export function createChats(clock: Clock, random: Random): Chats {
  const all: Chat[] = [];
  const byContactId = new Map<string, Chat>();

  const addSegment = (chat: Chat) => {
    const segment = { id: randomUuid(random), startedAt: clock.now(), endedAt: null };
    chat.segments.push(segment);
    byContactId.set(segment.id, chat);
  };
  const endNow = ({ segments }: Chat) => {
    for (const segment of segments) segment.endedAt ??= clock.now();
  };
  return {
    start(id, visitorKey) {
      const now = clock.now();
      const chat: Chat = {
        id,
        visitorKey,
        segments: [{ id, startedAt: now, endedAt: null }],
        transcriptMs: drawTranscriptMs(random),
        settledAt: now + (random.chance(0.2) ? random.between(0, 8 * SECOND_MS) : 0),
        sources: [],
        relatedContactId: null,
        answered: new Map(),
      };
      all.push(chat);
      byContactId.set(id, chat);
      clock.after(LIFE_MS, () => endNow(chat));
    },
    find: (contactId) => byContactId.get(contactId),
    open: () => all.filter((chat) => endOf(chat) === null),
    transfer(chat) {
      endNow(chat);
      addSegment(chat);
    },
    end(chat, survey) {
      endNow(chat);
      if (survey === undefined) return;
      addSegment(chat);
      clock.after(random.between(5 * SECOND_MS, 2 * MINUTE_MS), () => endNow(chat));
    },
  };
}

/** When the whole session ended; `null` while one of its contacts is open. */
export function endOf({ segments }: Chat): number | null {
  const ends = segments.map(({ endedAt }) => endedAt ?? Infinity);
  const last = Math.max(...ends);
  return last === Infinity ? null : last;
}

/** Whether a new chat can be linked to this one. */
export function isReady(chat: Chat, now: number): boolean {
  const endedAt = endOf(chat);
  return endedAt !== null && now >= endedAt + chat.transcriptMs;
}

/** Source: Amazon Connect Administrator Guide, persistent chat: 30 to 60 seconds after the end. Here a few take longer. */
function drawTranscriptMs(random: Random): number {
  if (random.chance(0.85)) return random.between(15 * SECOND_MS, 58 * SECOND_MS);
  return random.chance(0.6) ? random.between(MINUTE_MS, 9 * MINUTE_MS) : Infinity;
}
