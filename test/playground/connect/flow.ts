import type { Attributes } from "./contacts/attributes.ts";
import type { Link } from "./contacts/contact.ts";
import type { Switches } from "./switches.ts";

/** The Wait block's longest time: 7 days. */
const MAX_WAIT_SECONDS = 7 * 24 * 3600;
const FALLBACK_ATTRIBUTE = "contactIdFallback";
/** A whole past session, in the forms that the import may take. */
const REHYDRATION_TYPES = { api: "ENTIRE_PAST_SESSION", label: "Entire past session" } as const;
/** As the delivered flow file has it: a test compares the two. */
export const DELIVERED_REHYDRATION_TYPE = "ENTIRE_PAST_SESSION";

export type FlowEntry = { next: "go-on" | "link"; words: string } | { next: "wait"; seconds: number; words: string };

/** How a Wait block ends. */
export type WaitResult = "completed" | "customer-return";

/** The effects that the flow has on its contact. */
export interface FlowBlocks {
  note(words: string): void;
  wait(seconds: number): Promise<WaitResult>;
  isLive(): boolean;
  /** Create persistent contact association. */
  link(source: string): Link;
}

/**
 * Decides where a new chat enters the flow.
 *
 * A Check contact attributes block compares text and cannot test for absence: an attribute that is missing, or none of
 * the three words, takes the branch No match.
 */
export function decideEntry(attributes: Attributes): FlowEntry {
  const choice = attributes["chatContinue"];
  switch (choice) {
    case "none":
      return { next: "go-on", words: "chatContinue is none: nothing to continue." };
    case "now":
      return { next: "link", words: "chatContinue is now: link at once." };
    case "wait":
      return decideWait(attributes["chatWaitSeconds"]);
    case undefined:
      return { next: "go-on", words: "No match: the attribute chatContinue is missing. Goes on without a link." };
    default:
      return {
        next: "go-on",
        words: `No match: chatContinue is "${choice}", not none, wait or now. Goes on without a link.`,
      };
  }
}

function decideWait(text: string | undefined): FlowEntry {
  const seconds = /^\d{1,7}$/.test(text ?? "") ? Number(text) : NaN;
  if (!(seconds <= MAX_WAIT_SECONDS)) {
    return {
      next: "link",
      words: `chatContinue is wait, but chatWaitSeconds is ${quote(text)}: the Wait block fails.`,
    };
  }
  if (seconds === 0) return { next: "link", words: "chatContinue is wait with 0 seconds: link at once." };
  return { next: "wait", seconds, words: `chatContinue is wait: waits ${seconds} s, the chat is already connected.` };
}

export interface FlowSettings {
  /** Name of the attribute with the past contact id. */
  contactAttribute: string;
  /** In which form the import took a rehydration type. */
  rehydrationTypeForm: Switches["rehydrationTypeForm"];
}

/** Runs the contact flow of one new chat. */
export async function runFlow(attributes: Attributes, settings: FlowSettings, blocks: FlowBlocks): Promise<void> {
  const entry = decideEntry(attributes);
  blocks.note(entry.words);
  if (entry.next === "wait") {
    const result = await blocks.wait(entry.seconds);
    if (result === "customer-return") blocks.note("Customer return: the customer has written. Links at once.");
    if (!blocks.isLive()) {
      blocks.note("The chat ended while the flow waited: no link.");
      return;
    }
  }
  if (entry.next !== "go-on") linkOneOf(attributes, settings, blocks);
  blocks.note("Set queue: waits for an agent.");
}

function linkOneOf(attributes: Attributes, settings: FlowSettings, blocks: FlowBlocks): void {
  const { contactAttribute, rehydrationTypeForm } = settings;
  const hasType = REHYDRATION_TYPES[rehydrationTypeForm] === DELIVERED_REHYDRATION_TYPE;
  for (const name of [contactAttribute, FALLBACK_ATTRIBUTE]) {
    if (!hasType) {
      blocks.note(`Link ${name}: Error, the block has no rehydration type: the import did not take it.`);
      continue;
    }
    const link = blocks.link(attributes[name] ?? "");
    blocks.note(`Link ${name}: ${link.outcome === "linked" ? "Success" : "Error"}, ${link.reason}.`);
    if (link.outcome === "linked") return;
  }
  blocks.note("Goes on without a past session.");
}

function quote(value: string | undefined): string {
  return value === undefined ? "missing" : `"${value}"`;
}
