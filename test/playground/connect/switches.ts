/** What Amazon does not document about Connect: one switch for each open question, its likelier position first. */
export const switchPositions = {
  authenticateOnResume: ["no", "yes"],
  authenticateTwice: ["no", "yes"],
  authenticateWithoutChat: ["no", "yes"],
  nullToken: ["fails", "starts-without"],
  repeatedField: ["first", "last", "both"],
  metadataHandler: ["once", "repeats", "never"],
  metadataForVoice: ["no", "yes"],
  initialContactIdInEvents: ["yes", "no"],
  resumedContactId: ["first", "current"],
  customerEnd: ["chat-ended", "left-only"],
  sessionAfterCustomerEnd: ["ends", "stays-open", "survey"],
  handMadeAttributes: ["lose", "win"],
  rehydrationTypeForm: ["api", "label"],
  typingDuringWait: ["nothing", "customer-return", "restarts"],
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
  authenticateWithoutChat: "no",
  nullToken: "fails",
  repeatedField: "first",
  metadataHandler: "once",
  metadataForVoice: "no",
  initialContactIdInEvents: "yes",
  resumedContactId: "first",
  customerEnd: "chat-ended",
  sessionAfterCustomerEnd: "ends",
  handMadeAttributes: "lose",
  rehydrationTypeForm: "api",
  typingDuringWait: "nothing",
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
  authenticateWithoutChat:
    "Does the widget call authenticate at each page load, although no chat starts? (Its data tracker may know customers by the token.)",
  nullToken: "What happens to a start whose authenticate gave null?",
  repeatedField: "Which value counts when the page called amazon_connect() twice with the same field?",
  metadataHandler:
    "How often does contactMetadataHandler fire? (repeats: several times, also on a page that resumes a chat, and with the id of the later segment after a transfer.)",
  metadataForVoice:
    "Does contactMetadataHandler also fire for a voice call, which is no chat? (yes: the page shows a button for a call.)",
  initialContactIdInEvents: "Does the data of an event hold InitialContactId?",
  resumedContactId:
    "Which contact id does the widget tell when it resumes a chat that was transferred? (current: the one of the newest segment.)",
  customerEnd:
    "Which events come when the customer ends the chat first? (left-only: PARTICIPANT_LEFT, and no CHAT_ENDED. The widget shows the end either way.)",
  sessionAfterCustomerEnd:
    "What becomes of the session when the customer ends the chat first? (stays-open: until an agent ends it or its time is over. survey: the agent leaves, and a survey follows in the same chat.)",
  handMadeAttributes: "Do attributes without a prefix, in a hand-made start call, win over those of the JWT?",
  rehydrationTypeForm:
    "In which form does Connect take the link block's rehydration type? (api: ENTIRE_PAST_SESSION, as in the delivered flow. label: the words of the console, Entire Past Session. The delivered link blocks then have no type, and take the branch Error; published by the API, such a flow is refused.)",
  typingDuringWait:
    "What does a customer who writes while the Wait block waits set off? (customer-return: the branch of that name, at once. restarts: the time begins anew.)",
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
