import type { Attributes } from "./contacts/attributes.ts";
import type { Link } from "./contacts/contact.ts";

/** The Wait block's longest time: 7 days. */
const MAX_WAIT_SECONDS = 7 * 24 * 3600;
const FALLBACK_ATTRIBUTE = "contactIdFallback";

export type FlowEntry = { next: "go-on" | "link"; words: string } | { next: "wait"; seconds: number; words: string };

/** The effects that the flow has on its contact. */
export interface FlowBlocks {
  note(words: string): void;
  wait(seconds: number): Promise<void>;
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

/**
 * Runs the contact flow of one new chat.
 *
 * @param contactAttribute Name of the attribute with the past contact id.
 */
export async function runFlow(attributes: Attributes, contactAttribute: string, blocks: FlowBlocks): Promise<void> {
  const entry = decideEntry(attributes);
  blocks.note(entry.words);
  if (entry.next === "wait") {
    await blocks.wait(entry.seconds);
    if (!blocks.isLive()) {
      blocks.note("The chat ended while the flow waited: no link.");
      return;
    }
  }
  if (entry.next !== "go-on") linkOneOf([contactAttribute, FALLBACK_ATTRIBUTE], attributes, blocks);
  blocks.note("Set queue: waits for an agent.");
}

function linkOneOf(names: readonly string[], attributes: Attributes, blocks: FlowBlocks): void {
  for (const name of names) {
    const link = blocks.link(attributes[name] ?? "");
    blocks.note(`Link ${name}: ${link.outcome === "linked" ? "Success" : "Error"}, ${link.reason}.`);
    if (link.outcome === "linked") return;
  }
  blocks.note("Goes on without a past session.");
}

function quote(value: string | undefined): string {
  return value === undefined ? "missing" : `"${value}"`;
}
