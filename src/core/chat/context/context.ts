import { cleanText } from "./clean-text.ts";

/** What CONTEXT may tell the agent, and the contact attribute of each. */
export const CONTEXT_ATTRIBUTES = {
  page: "chatPage",
  title: "chatPageTitle",
  trail: "chatTrail",
  referrer: "chatReferrer",
  language: "chatLanguage",
  country: "chatCountry",
  device: "chatDevice",
  error: "chatLastError",
} as const;

export type ContextKind = keyof typeof CONTEXT_ATTRIBUTES;

export function isContextKind(word: string): word is ContextKind {
  return Object.hasOwn(CONTEXT_ATTRIBUTES, word);
}

/** Every word of CONTEXT. */
export const CONTEXT_KINDS: readonly ContextKind[] = Object.keys(CONTEXT_ATTRIBUTES).filter(isContextKind);

/** The kinds that only the page knows. */
const SAID_KINDS = ["page", "title", "trail", "referrer", "error"] as const;

export type SaidKind = (typeof SAID_KINDS)[number];

/** The kinds that the page must say, of those that are switched on. */
export function pickSaidKinds(kinds: readonly ContextKind[]): readonly SaidKind[] {
  return SAID_KINDS.filter((kind) => kinds.includes(kind));
}

/** What is known of each kind; empty or absent where nothing is. */
export type KnownContext = Readonly<Partial<Record<ContextKind, string>>>;

/** The value of an attribute of which nothing is known. */
const NOTHING = "none";

/** The attributes for the agent, in the order of CONTEXT. */
export type ContextAttributes = ReadonlyMap<ContextKind, string>;

/**
 * Builds the value of each kind that is switched on; of no other, whatever is known.
 *
 * Nothing here decides by these values: most of them are said by the visitor's page.
 */
export function buildContext(kinds: readonly ContextKind[], known: KnownContext): ContextAttributes {
  return new Map(kinds.map((kind) => [kind, cleanText(known[kind] ?? "") || NOTHING]));
}

/** Contact attributes that fit into a token. */
export interface FittingContext {
  readonly attributes: Readonly<Record<string, string>>;
  /** The kinds that found no room. */
  readonly leftOut: readonly ContextKind[];
}

/**
 * Leaves values out, from the last one on, until the others fit. Every attribute stays: an absent one could be set by a
 * hand-made start call. Only where there is no room for their names, all attributes go: the chat comes first.
 *
 * @param fits Whether a token with these attributes is short enough.
 */
export function fitContext(
  context: ContextAttributes,
  fits: (attributes: Readonly<Record<string, string>>) => boolean,
): FittingContext {
  const left = new Map(context);
  const leftOut: ContextKind[] = [];
  for (const [kind, value] of [...context].toReversed()) {
    if (value === NOTHING) continue;
    if (fits(toAttributes(left))) break;
    left.set(kind, NOTHING);
    leftOut.unshift(kind);
  }
  const attributes = toAttributes(left);
  const hasRoom = context.size === 0 || fits(attributes);
  return hasRoom ? { attributes, leftOut } : { attributes: {}, leftOut: [...context.keys()] };
}

function toAttributes(context: ContextAttributes): Record<string, string> {
  return Object.fromEntries([...context].map(([kind, value]) => [CONTEXT_ATTRIBUTES[kind], value]));
}
