import { type Answers } from "./setup-answers.ts";
import { type TomlChanges } from "./wrangler-toml.ts";

/** What is there before setup begins. */
export interface Present {
  readonly isLoggedIn: boolean;
  /** `null`: none yet. */
  readonly namespaceId: string | null;
  /** Names of the Worker's secrets. */
  readonly secretNames: readonly string[];
  /** Secrets of an earlier run, from .dev.vars. */
  readonly kept: Readonly<Record<string, string | undefined>>;
}

/** What setup does, in its order. */
export interface Plan {
  readonly toml: TomlChanges;
  readonly mustCreateNamespace: boolean;
  /** Secrets for Cloudflare; what is there already and was made, not told, stays. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What .dev.vars holds: everything without a login, else what the owner's own commands need. */
  readonly devVars: Readonly<Record<string, string>>;
}

/** A secret of Cloudflare's holds so many bytes. Source: Cloudflare Workers documentation, "Limits". */
const MAX_SECRET_BYTES = 5000;

/** @param createKey 32 random bytes in base64url. */
export function buildPlan(answers: Answers, present: Present, createKey: () => string): Plan {
  const { isOnCloudflare, site } = answers;
  const told = {
    ...splitSnippet(answers.snippet),
    WIDGET_SECURITY_KEY: answers.securityKey,
  };
  const made = {
    COOKIE_SECRET: present.kept["COOKIE_SECRET"] ?? createKey(),
    PREVIEW_SECRET: present.kept["PREVIEW_SECRET"] ?? createKey(),
  };
  // A cookie secret that is there opens the cookies that are out; the preview's is needed here too.
  const isMissing = (name: string) => !present.secretNames.includes(name);
  const secrets = {
    ...told,
    ...(isMissing("COOKIE_SECRET") && { COOKIE_SECRET: made.COOKIE_SECRET }),
    PREVIEW_SECRET: made.PREVIEW_SECRET,
  };
  return {
    toml: {
      variables: {
        ORIGIN_URL: isOnCloudflare ? "" : site.origin,
        WIDGET_ID: answers.widgetId,
        CONNECT_REGION: answers.region,
        CONNECT_INSTANCE_ID: answers.instanceId,
      },
      routeHost: isOnCloudflare ? site.host : null,
      namespaceId: null,
    },
    mustCreateNamespace: present.isLoggedIn && present.namespaceId === null,
    secrets,
    devVars: present.isLoggedIn ? { PREVIEW_SECRET: made.PREVIEW_SECRET } : { ...told, ...made },
  };
}

function splitSnippet(snippet: string): Record<string, string> {
  const parts: string[] = [];
  const encoder = new TextEncoder();
  let part = "";
  for (const character of snippet) {
    if (encoder.encode(part + character).length > MAX_SECRET_BYTES) {
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

const names = (values: object) => Object.keys(values).join(", ");

/** What a plan will do, line by line; no secret is in it. */
export function renderPlan({ devVars, mustCreateNamespace, secrets, toml }: Plan, isLoggedIn: boolean): string[] {
  const variables = Object.entries(toml.variables).filter(([, value]) => value !== "");
  const lines = [
    `wrangler.toml   ${[toml.routeHost === null ? "an address on workers.dev" : `the route ${toml.routeHost}/*`, ...variables.map(([name, value]) => `${name} = ${value}`)].join(", ")}`,
  ];
  if (mustCreateNamespace) lines.push("Cloudflare KV   a namespace for who had which chat");
  if (isLoggedIn) lines.push(`Cloudflare      the secrets ${names(secrets)}`);
  lines.push(`.dev.vars       ${names(devVars)}, readable by you alone`);
  lines.push(".connect        the contact flow to import, and where region and instance are known the AWS policy");
  return lines;
}
