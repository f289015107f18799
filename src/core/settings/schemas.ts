import * as v from "valibot";
import { MAX_SETTING_NUMBERS } from "../../limits.ts";
import { type ConsentSource } from "../chat/consent.ts";
import { CONTEXT_KINDS, isContextKind } from "../chat/context/context.ts";
import { UUID } from "../widget/snippet.ts";
import { HTTPS_SOURCE } from "../policy/content-security-policy.ts";
import { parsePathPattern } from "./path-pattern.ts";
import { type Pattern } from "./pattern.ts";
import { parseRegex, PatternError, TOO_LONG } from "./regex.ts";

/** A message that shows the value: not for secrets. */
export function expected(what: string) {
  return ({ input }: v.BaseIssue<unknown>) => `expected ${what}, found ${showValue(input)}`;
}

/** A message for secrets: it tells only the length or kind of the value. */
export function expectedSecret(what: string) {
  return ({ input }: v.BaseIssue<unknown>) => `expected ${what}, found ${showKind(input)}`;
}

const LONGEST_SHOWN_CHARS = 80;

function showValue(input: unknown): string {
  // A text with an @ may be a URL with a password in it.
  const isShown = typeof input === "string" && input !== "" && input.length <= LONGEST_SHOWN_CHARS;
  return isShown && !input.includes("@") ? JSON.stringify(input) : showKind(input);
}

function showKind(input: unknown): string {
  if (input === undefined || input === "") return "nothing";
  if (typeof input !== "string") return `a value of type ${typeof input}`;
  if (input !== input.trim()) return `${input.length} characters with white space around them`;
  return `${input.length} characters${/\s/.test(input) ? " with white space among them" : ""}`;
}

/** An optional variable. An empty text counts as not set, and a number in wrangler.toml as its text. */
export function variable(fallback: string) {
  const toText = (value: unknown) => (typeof value === "number" ? String(value) : value === "" ? fallback : value);
  return v.pipe(v.optional(v.unknown(), ""), v.transform(toText), v.string(expected("text")));
}

export function variableLike(fallback: string, pattern: RegExp, what: string) {
  const isRight = (text: string) => text === fallback || pattern.test(text);
  return v.pipe(variable(fallback), v.check(isRight, expected(what)));
}

/** One of these words; the first one where nothing is set. */
export function oneOf<const Options extends readonly [string, ...string[]]>(...options: Options) {
  return v.pipe(variable(options[0]), v.picklist(options, expected(options.join(" or "))));
}

export function wholeNumber(fallback: number, least: number, most: number) {
  const isRight = (text: string) => /^(?:0|[1-9]\d*)$/.test(text) && Number(text) >= least && Number(text) <= most;
  const what = `a whole number from ${least} to ${most}`;
  return v.pipe(variable(String(fallback)), v.check(isRight, expected(what)), v.transform(Number));
}

/** The key of a contact attribute, and none of `taken`. Source: Amazon Connect Administrator Guide, "Pass contact attributes to the chat widget". */
export function attributeKey(fallback: string, taken: readonly string[]) {
  const isRight = (text: string) => /^[\w-]+$/.test(text) && !taken.includes(text);
  const what = `letters, digits, - and _ (and none of ${taken.join(", ")})`;
  return v.pipe(variable(fallback), v.check(isRight, expected(what)));
}

export function origin() {
  const what = "an address such as https://origin.example.com, without path, query or credentials";
  return v.pipe(
    variable(""),
    v.check((text) => text === "" || isOrigin(text), expected(what)),
    v.transform((text) => (text === "" ? null : new URL(text))),
  );
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host, href } = new URL(text);
  return (protocol === "https:" || protocol === "http:") && href === `${protocol}//${host}/`;
}

/** URLPattern pathnames, separated by spaces. */
export function pathPatterns() {
  const what = "path patterns such as /shop/*, separated by spaces";
  return v.pipe(
    variable(""),
    v.transform(splitAtSpaces),
    v.array(v.pipe(v.string(), parsed(toPathPattern, what))),
    v.check(areShort, ({ input }) => `expected ${what}, ${TOO_LONG}, found ${input.length} of them`),
  );
}

function areShort(patterns: Pattern[]): boolean {
  return patterns.reduce((total, { program }) => total + program.length, 0) <= MAX_SETTING_NUMBERS;
}

// A pathname begins with a slash and has no dot segments: these patterns would match nothing.
const NO_PATHNAME = /^[^/*({]|\/\.\.?(?:[/*:({}]|$)/;

function toPathPattern(pathname: string): Pattern {
  if (NO_PATHNAME.test(pathname)) throw new SyntaxError("Cannot match a pathname");
  return parsePathPattern(pathname);
}

/** Sources of pictures, separated by spaces. */
export function imageSources() {
  const what = "sources such as https://images.example.com or https://*.example.net, separated by spaces";
  const source = v.pipe(
    v.string(),
    v.check((text) => HTTPS_SOURCE.test(text), expected(what)),
  );
  return v.pipe(variable(""), v.transform(splitAtSpaces), v.array(source));
}

/** Where a visitor's consent shows; `null` where nothing is set. */
export function consentSource() {
  return v.pipe(variable(""), parsed(toConsentSource, describeConsentSource));
}

/** The framework has eleven purposes. Source: IAB Europe, Transparency & Consent Framework Policies, Appendix A. */
const TCF_PURPOSES = /^tcf:((?:[1-9]|1[01])(?:,(?:[1-9]|1[01]))*)$/;

function describeConsentSource(text: string): string {
  if (text.startsWith("tcf:")) return "purposes of the TCF, such as tcf:1,3: numbers from 1 to 11, each once";
  return `name=regex, such as consent=.*marketing${text.includes("=") ? "" : ", or page, tcf:1,3 or gcm"}`;
}

// Source: RFC 6265 §4.1.1 (cookie-name), RFC 9110 §5.6.2 (token).
const CONSENT_COOKIE = /^([!#$%&'*+\-.^`|~\w]+)=(.+)/s;

function toConsentSource(text: string): ConsentSource | null {
  if (text === "") return null;
  if (text === "page" || text === "gcm") return { source: text };
  if (text.startsWith("tcf:")) return { source: "tcf", purposes: toPurposes(text) };
  const [, name, source] = CONSENT_COOKIE.exec(text) ?? [];
  if (name === undefined || source === undefined) throw new SyntaxError("Cannot find name=regex");
  return { source: "cookie", name, value: parseRegex(source) };
}

function toPurposes(text: string): number[] {
  const purposes = TCF_PURPOSES.exec(text)?.[1]?.split(",").map(Number) ?? [];
  if (purposes.length === 0 || new Set(purposes).size < purposes.length) throw new SyntaxError("Cannot find purposes");
  return purposes;
}

/** Words that say what the agent is told, separated by spaces; in this order, the last one is left out first. */
export function contextKinds() {
  const what = `any of ${CONTEXT_KINDS.join(" ")}, separated by spaces`;
  const kind = v.pipe(v.string(), v.guard(isContextKind, expected(what)));
  return v.pipe(
    variable(""),
    v.transform(splitAtSpaces),
    v.array(kind),
    v.checkItems((word, index, words) => words.indexOf(word) === index, expected("each word once")),
  );
}

/** The result of `parse`. An error of `parse` becomes a problem of the setting. */
function parsed<T>(parse: (text: string) => T, what: string | ((text: string) => string)) {
  return v.rawTransform<string, T>(({ dataset: { value }, addIssue, NEVER }) => {
    try {
      return parse(value);
    } catch (error) {
      const more = error instanceof PatternError ? `, ${error.message}` : "";
      const wanted = typeof what === "string" ? what : what(value);
      addIssue({ message: `expected ${wanted}${more}, found ${showValue(value)}` });
      return NEVER;
    }
  });
}

const CHAT_PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/;

export const DEFAULT_CHAT_PATH = "/_chat";

/** Where the Worker's own routes are. */
export function chatPath() {
  return variableLike(DEFAULT_CHAT_PATH, CHAT_PATH, "a path such as /_chat, without a slash at its end");
}

/** An AWS region; empty where there is none. Source: AWS General Reference, "Service endpoints and quotas". */
export function awsRegion() {
  return variableLike("", /^[a-z]{2}(?:-[a-z]+)+-\d$/, "an AWS region such as eu-central-1");
}

function secretLike(pattern: RegExp, what: string) {
  const message = expectedSecret(what);
  return v.pipe(
    v.optional(v.unknown(), ""),
    v.string(message),
    v.check((text) => pattern.test(text), message),
  );
}

/** The widget's security key. */
export function securityKey() {
  return secretLike(/^\S{44}$/, "the 44 characters that the Amazon Connect console shows");
}

/** The id of the Connect instance; empty where there is none. */
export function instanceId() {
  return variableLike("", UUID, "the instance id, a UUID: the end of the instance's ARN");
}

/** 32 random bytes or more; `null` where nothing is set. */
export function optionalKeyBytes() {
  const schema = optionalSecretLike(RANDOM_32_BYTES, "32 random bytes or more in base64url");
  return v.pipe(
    schema,
    v.transform((text) => (text === null ? null : decodeBase64Url(text))),
  );
}

/** A secret; `null` where nothing is set. */
export function optionalSecretLike(pattern: RegExp, what: string) {
  const message = expectedSecret(what);
  return v.pipe(
    v.optional(v.unknown(), ""),
    v.string(message),
    v.check((text) => text === "" || pattern.test(text), message),
    v.transform((text) => (text === "" ? null : text)),
  );
}

/** 32 bytes or more in base64url, with or without padding. Source: RFC 4648 §5. */
const RANDOM_32_BYTES = /^(?=[\w-]{43})(?:[\w-]{4})*(?:[\w-]{2}(?:==)?|[\w-]{3}=?)?$/;

/** One or more keys of 32 bytes or more, separated by spaces. */
export function keyBytes() {
  const message = expectedSecret("32 random bytes or more in base64url (43 characters), several separated by spaces");
  const key = v.pipe(
    v.string(message),
    v.check((text) => RANDOM_32_BYTES.test(text), message),
    v.transform(decodeBase64Url),
  );
  return v.pipe(
    v.optional(v.unknown(), ""),
    v.string(message),
    v.transform(splitAtSpaces),
    v.tupleWithRest([key], key, message),
  );
}

function decodeBase64Url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (byte) => byte.charCodeAt(0));
}

function splitAtSpaces(text: string): string[] {
  return text.split(/\s+/).filter((part) => part !== "");
}
