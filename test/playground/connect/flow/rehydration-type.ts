import type { LinkRequest } from "../contacts/contact.ts";
import type { Switches } from "../switches.ts";

/** The two words of a link block, in the form of Connect's API, and in the words of its console. */
const SPELLINGS = {
  api: { ENTIRE_PAST_SESSION: "ENTIRE_PAST_SESSION", FROM_SEGMENT: "FROM_SEGMENT" },
  label: { "Entire Past Session": "ENTIRE_PAST_SESSION", "From Segment": "FROM_SEGMENT" },
} as const;

/** @returns The type that a link block has; `null` where this text is none in the form that Connect takes. */
export function readRehydrationType(
  text: unknown,
  form: Switches["rehydrationTypeForm"],
): LinkRequest["rehydrationType"] | null {
  const found = Object.entries(SPELLINGS[form]).find(([spelling]) => spelling === text);
  return found?.[1] ?? null;
}
