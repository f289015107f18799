/** One switch per open question about Amazon Connect, the likelier position first. The questions are in README and OPERATING.md. */
export interface Switches {
  authenticateOnResume: "no" | "yes";
  authenticateTwice: "no" | "yes";
  nullToken: "fails" | "starts-without";
  repeatedField: "first" | "last" | "both";
  metadataHandler: "once" | "repeats" | "never";
  initialContactIdInEvents: "yes" | "no";
  handMadeAttributes: "lose" | "win";
  liveSource: "error" | "success";
  earlySource: "error" | "success";
  emptySource: "error" | "success";
  segmentSource: "error" | "success";
  secondLink: "allowed" | "refused";
}

export type SwitchName = keyof Switches;

export const switchPositions: { [K in SwitchName]: readonly Switches[K][] } = {
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
};

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
};

/** The question each switch answers, for the person who flips it. */
export const switchQuestions: { [K in SwitchName]: string } = {
  authenticateOnResume: "Is authenticate also asked when a live chat is resumed? (The token then goes unused.)",
  authenticateTwice: "Is authenticate asked twice, at once, for one start? (The second token is used.)",
  nullToken: "What becomes of a start whose authenticate gave null?",
  repeatedField: "Which value counts when amazon_connect() was called twice with one field?",
  metadataHandler:
    "How often does contactMetadataHandler fire? (repeats: several times, on resumed pages, and with a later segment's id after a transfer.)",
  initialContactIdInEvents: "Does the data of an event carry InitialContactId?",
  handMadeAttributes: "Do unprefixed attributes of a hand-made start call win over the JWT's?",
  liveSource: "Which branch does the link block take when the past chat is still live?",
  earlySource: "Which branch, when it has ended but its transcript is not ready?",
  emptySource: "Which branch, when the source is empty, “none” or unknown here?",
  segmentSource:
    "Which branch, when ENTIRE_PAST_SESSION is given a later segment instead of the initial contact? (success: it is linked.)",
  secondLink: "May a chat try a second link after an Error?",
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
