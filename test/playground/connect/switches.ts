/** What Amazon does not document about Connect: one switch for each open question, its likelier position first. */
export const switchPositions = {
  authenticateOnResume: ["no", "yes"],
  authenticateTwice: ["no", "yes"],
  nullToken: ["fails", "starts-without"],
  repeatedField: ["first", "last", "both"],
  metadataHandler: ["once", "repeats", "never"],
  initialContactIdInEvents: ["yes", "no"],
  handMadeAttributes: ["lose", "win"],
  liveSource: ["error", "success"],
  earlySource: ["error", "success"],
  emptySource: ["error", "success"],
  segmentSource: ["error", "success"],
  secondLink: ["allowed", "refused"],
  attributesWhileLive: ["yes", "no"],
  contactTree: ["session", "linked"],
} as const;

export type SwitchName = keyof typeof switchPositions;
export type Switches = { -readonly [K in SwitchName]: (typeof switchPositions)[K][number] };

export const defaultSwitches: Switches = {
  authenticateOnResume: "no",
  authenticateTwice: "no",
  nullToken: "fails",
  repeatedField: "first",
  metadataHandler: "once",
  initialContactIdInEvents: "yes",
  handMadeAttributes: "lose",
  liveSource: "error",
  earlySource: "error",
  emptySource: "error",
  segmentSource: "error",
  secondLink: "allowed",
  attributesWhileLive: "yes",
  contactTree: "session",
};

/** The question that each switch answers, for the person at the desk. */
export const switchQuestions: { [K in SwitchName]: string } = {
  authenticateOnResume:
    "Does the widget also call authenticate when it resumes a live chat? (It does not use that token.)",
  authenticateTwice: "Does the widget call authenticate twice at once for one start? (It uses the second token.)",
  nullToken: "What happens to a start whose authenticate gave null?",
  repeatedField: "Which value counts when the page called amazon_connect() twice with the same field?",
  metadataHandler:
    "How often does contactMetadataHandler fire? (repeats: several times, also on a page that resumes a chat, and with the id of the later segment after a transfer.)",
  initialContactIdInEvents: "Does the data of an event hold InitialContactId?",
  handMadeAttributes: "Do attributes without a prefix, in a hand-made start call, win over those of the JWT?",
  liveSource: "Which branch does the link block take when the past chat is still live?",
  earlySource: "Which branch does it take when the past chat has ended, but its transcript is not ready?",
  emptySource: "Which branch does it take when the source is empty, “none” or an unknown contact id?",
  segmentSource:
    "Which branch does it take when the source is a later segment instead of the initial contact? (success: the segment is linked.)",
  secondLink: "May a chat try a second link after the first one took the Error branch?",
  attributesWhileLive:
    "Does DescribeContact tell the attributes of a contact whose chat is still live? (GetContactAttributes always does.)",
  contactTree:
    "Which contacts does ListAssociatedContacts list? (session: those of one chat, with its transfers and surveys; linked: also those of the chats that it continues, and that continue it.)",
};

export function isSwitchName(name: string): name is SwitchName {
  return Object.hasOwn(switchPositions, name);
}

/**
 * Flips one switch of a live set.
 *
 * @throws {Error} When there is no such switch or position.
 */
export function setSwitch(switches: Switches, name: string, position: unknown): void {
  if (!isSwitchName(name)) throw new Error(`Cannot set switch "${name}": there is none of that name`);
  const positions: readonly string[] = switchPositions[name];
  if (typeof position !== "string" || !positions.includes(position)) {
    throw new Error(`Cannot set switch "${name}": wanted ${positions.join(" or ")}, found ${JSON.stringify(position)}`);
  }
  Object.assign(switches, { [name]: position });
}
