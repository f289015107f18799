import type { Switches } from "../switches.ts";

/** Source: Amazon Connect Administrator Guide. */
const MAX_ATTRIBUTES_BYTES = 32_768;
const KEY = /^[A-Za-z0-9_-]+$/;

export type Attributes = Record<string, string>;
export type AttributesReading = { attributes: Attributes } | { problem: string };

/**
 * Reads contact attributes that came from outside.
 *
 * One bad value fails the whole chat: Connect does not leave it out.
 *
 * @param whose "the JWT" or "the start call", for the message.
 */
export function readAttributes(value: unknown, whose: string): AttributesReading {
  if (value === undefined) return { attributes: {} };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { problem: `The attributes of ${whose} are no object.` };
  }
  const attributes: Attributes = {};
  let bytes = 0;
  for (const [key, text] of Object.entries(value)) {
    if (!KEY.test(key)) return { problem: `${whose} has an attribute whose key is not made of A-Z a-z 0-9 _ -.` };
    if (typeof text !== "string") return { problem: `The attribute "${key}" of ${whose} is not a string.` };
    bytes += Buffer.byteLength(key) + Buffer.byteLength(text);
    attributes[key] = text;
  }
  if (bytes > MAX_ATTRIBUTES_BYTES) {
    return { problem: `The attributes of ${whose} take ${bytes} bytes, at most ${MAX_ATTRIBUTES_BYTES} are allowed.` };
  }
  return { attributes };
}

/** The attributes that the flow sees as $.Attributes. */
export function mergeAttributes(
  signed: Attributes,
  handMade: Attributes,
  precedence: Switches["handMadeAttributes"],
): Attributes {
  return precedence === "win" ? { ...signed, ...handMade } : { ...handMade, ...signed };
}
