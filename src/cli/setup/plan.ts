import { type LinkBy } from "../../core/chat/continuation.ts";
import { toRouteHost } from "../shared/route.ts";
import { type Answers, AWS_KEY_NAMES } from "./answers.ts";
import { type TomlChanges } from "./wrangler-toml.ts";

/** The state before setup begins. */
export interface Present {
  readonly isLoggedIn: boolean;
  /** Whether wrangler.toml has the id of a KV namespace. */
  readonly hasNamespace: boolean;
  /** Names of the Worker's secrets. */
  readonly secretNames: readonly string[];
  /** The content of .dev.vars. */
  readonly kept: Readonly<Record<string, string | undefined>>;
  /** The variables of wrangler.toml that are texts. */
  readonly variables: Readonly<Record<string, string>>;
  /** All Routes of wrangler.toml. */
  readonly routes: readonly string[];
  /** The site that wrangler.toml names, by Route or `ORIGIN_URL`; empty where it names none. */
  readonly site: string;
}

/** What setup does, in this order. */
export interface Plan {
  readonly toml: TomlChanges;
  readonly mustCreateNamespace: boolean;
  /** Routes without a Worker, for files. */
  readonly assetRoutes: readonly string[];
  /** Secrets for Cloudflare; `null` removes one. A generated secret that Cloudflare has already stays. */
  readonly secrets: Readonly<Record<string, string | null>>;
  /** The new content of .dev.vars. With a login, only Cloudflare keeps the keys. */
  readonly devVars: Readonly<Record<string, string>>;
}

/** Secrets of the Worker's AWS key that neither Cloudflare nor .dev.vars has. */
export function listMissingKeys({ kept, secretNames }: Pick<Present, "kept" | "secretNames">): readonly string[] {
  return AWS_KEY_NAMES.filter((name) => !secretNames.includes(name) && !kept[name]);
}

/** Whether the owner has a choice who links the chats: without an AWS key, only the contact flow can. */
export function mayWorkerLink(present: Present, instanceId: string): boolean {
  const hasKey = listMissingKeys(present).length === 0 || present.variables["LINK_BY"] === "worker";
  return hasKey && instanceId !== "";
}

/** Longest secret at Cloudflare. Source: Cloudflare Workers documentation, "Limits". */
const MAX_SECRET_BYTES = 5000;

/** @param createKey 32 random bytes in base64url. */
export function buildPlan(answers: Answers, present: Present, createKey: () => string): Plan {
  const { assetRoutes, isOnCloudflare, linkBy, securityKey, site, snippet } = answers;
  const { hasNamespace, isLoggedIn, kept, secretNames } = present;
  const made = {
    COOKIE_SECRET: kept["COOKIE_SECRET"] ?? createKey(),
    PREVIEW_SECRET: kept["PREVIEW_SECRET"] ?? createKey(),
  };
  const keys = {
    ...(securityKey !== null && { WIDGET_SECURITY_KEY: securityKey }),
    // Only the same secret opens the cookies of past visitors.
    ...(!secretNames.includes("COOKIE_SECRET") && { COOKIE_SECRET: made.COOKIE_SECRET }),
  };
  const formerParts = secretNames.filter((name) => /^WIDGET_SNIPPET_\d+$/.test(name)).map((name) => [name, null]);
  return {
    toml: {
      variables: {
        ORIGIN_URL: isOnCloudflare ? "" : site.origin,
        WIDGET_ID: answers.widgetId,
        CONNECT_REGION: answers.region,
        CONNECT_INSTANCE_ID: answers.instanceId,
        // A file from before this setting needs no line for the default.
        ...((answers.context !== "" || present.variables["CONTEXT"] !== undefined) && { CONTEXT: answers.context }),
        ...toLinkVariables(linkBy, present.variables, mayWorkerLink(present, answers.instanceId)),
        ...toConsentVariables(answers.consent, present.variables),
      },
      // A Route has no port.
      routeHost: isOnCloudflare ? site.hostname : null,
      namespaceId: null,
    },
    mustCreateNamespace: isLoggedIn && !hasNamespace,
    assetRoutes,
    secrets: {
      ...Object.fromEntries(formerParts),
      ...splitSnippet(snippet, fitsSecret),
      ...keys,
      ...(linkBy === "worker" && pickAwsKey(present)),
      PREVIEW_SECRET: made.PREVIEW_SECRET,
    },
    devVars: {
      ...pickOthers(kept),
      ...splitSnippet(snippet, fitsDevVars),
      ...(!isLoggedIn && keys),
      PREVIEW_SECRET: made.PREVIEW_SECRET,
    },
  };
}

/**
 * A file from before these settings needs no line for the default. Where the flow links, no abandoned chat is ended.
 *
 * @param isChoice Whether the owner could have chosen the Worker: the answer is then proposed next time.
 */
function toLinkVariables(
  linkBy: LinkBy,
  { LINK_BY: before, END_ABANDONED }: Present["variables"],
  isChoice: boolean,
): Record<string, string> {
  if (linkBy === "worker") return { LINK_BY: "worker" };
  return {
    ...((before === "worker" || (isChoice && before !== undefined)) && { LINK_BY: "flow" }),
    ...(END_ABANDONED === "1" && { END_ABANDONED: "0" }),
  };
}

/** A file from before this setting needs no line for the default. Where nobody is asked, no widget waits for an answer. */
function toConsentVariables(consent: string, { CONSENT_COOKIE, CONSENT_LOAD }: Present["variables"]) {
  return {
    ...((consent !== "" || CONSENT_COOKIE !== undefined) && { CONSENT_COOKIE: consent }),
    ...(consent === "" && CONSENT_LOAD === "1" && { CONSENT_LOAD: "0" }),
  };
}

/** The Worker would have no usable settings without its key. */
function pickAwsKey({ kept, secretNames }: Present): Record<string, string> {
  const values = AWS_KEY_NAMES.map((name) => [name, kept[name] ?? ""] as const);
  return Object.fromEntries(values.filter(([name, value]) => value !== "" && !secretNames.includes(name)));
}

/** The owner's own lines in .dev.vars. */
function pickOthers(kept: Present["kept"]): Record<string, string> {
  const ours = /^(?:WIDGET_SNIPPET(?:_\d+)?|WIDGET_SECURITY_KEY|COOKIE_SECRET|PREVIEW_SECRET)$/;
  const others = Object.entries(kept).map(([name, value = ""]) => [name, value] as const);
  return Object.fromEntries(others.filter(([name]) => !ours.test(name)));
}

function splitSnippet(snippet: string, fits: (part: string) => boolean): Record<string, string> {
  const parts: string[] = [];
  let part = "";
  for (const character of snippet) {
    if (!fits(part + character)) {
      parts.push(part);
      part = "";
    }
    part += character;
  }
  parts.push(part);
  return Object.fromEntries(
    parts.map((text, index) => [index === 0 ? "WIDGET_SNIPPET" : `WIDGET_SNIPPET_${index + 1}`, text]),
  );
}

function fitsSecret(part: string): boolean {
  return Buffer.byteLength(part) <= MAX_SECRET_BYTES;
}

function fitsDevVars(part: string): boolean {
  return findQuote(part) !== undefined;
}

/** A quote for a value in .dev.vars. Within double quotes a backslash has a meaning of its own. */
function findQuote(value: string): string | undefined {
  return ["'", "`", '"'].find((quote) => !value.includes(quote) && !(quote === '"' && value.includes("\\")));
}

/** The text of .dev.vars. */
export function renderDevVars(values: Plan["devVars"]): string {
  return Object.entries(values)
    .map(([name, value]) => {
      const quote = findQuote(value) ?? "'";
      return `${name}=${quote}${value}${quote}\n`;
    })
    .join("");
}

const listNames = (values: object) => Object.keys(values).join(", ");

/** The steps of a plan, a line each, without secrets. */
export function renderPlan(plan: Plan, { isLoggedIn, routes }: Pick<Present, "isLoggedIn" | "routes">): string[] {
  const { assetRoutes, devVars, mustCreateNamespace, secrets, toml } = plan;
  const variables = Object.entries(toml.variables).filter(([, value]) => value !== "");
  const lines = [
    `wrangler.toml   ${describeAddress(toml.routeHost, routes)}`,
    ...variables.map(([name, value]) => `                ${name} = ${value}`),
  ];
  if (mustCreateNamespace) lines.push("Cloudflare KV   a namespace for the visitors' chats");
  if (isLoggedIn) lines.push(`Cloudflare      the secrets ${listSecrets(secrets)}`);
  if (assetRoutes.length > 0) lines.push(`Cloudflare      Routes without a Worker: ${assetRoutes.join(", ")}`);
  lines.push(`.dev.vars       ${listNames(devVars)}, readable by you alone`);
  lines.push(
    toml.variables["LINK_BY"] === "worker"
      ? ".connect        the policy for the Worker's AWS key"
      : ".connect        the contact flow to import, and the AWS policy where region and instance are known",
  );
  return lines;
}

function describeAddress(host: string | null, routes: readonly string[]): string {
  if (host === null) return "an address on workers.dev";
  const kept = routes.some((route) => toRouteHost(route) === host);
  return kept ? `its Routes stay: ${routes.join(", ")}` : `the route ${host}/*`;
}

/** Names of the secrets that are written or removed. */
export function listSecrets(secrets: Plan["secrets"]): string {
  return Object.entries(secrets)
    .map(([name, value]) => (value === null ? `${name} (no longer needed: removed)` : name))
    .join(", ");
}
