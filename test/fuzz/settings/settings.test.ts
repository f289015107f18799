import { type Arbitrary, array, assert as assertProperty, asyncProperty, constant, constantFrom, dictionary, jsonValue, oneof, option, property, record, string, tuple } from "fast-check"; // prettier-ignore
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parseConfig } from "../../../src/config.ts";
import { settings, snippet, widgetId } from "../../worker/settings.ts";
import { FUZZ_TIMEOUT_MS, fuzzed } from "../fuzz.ts";
import { mutated } from "../mutation.ts";

interface App {
  readonly createApp: (dependencies: {
    readonly env: Environment;
    readonly browserPart: string;
    readonly fetch: () => Promise<Response>;
    readonly now: () => number;
  }) => { readonly fetch: (request: Request) => Promise<Response> };
}
// Not imported by name: the Worker's files are checked with the types of its own platform.
const app: App = await import(new URL("../../../src/app.ts", import.meta.url).href);

type Environment = Readonly<Record<string, unknown>>;

const KEYS = ["k".repeat(43), "_-".repeat(22)];

/** Every setting with right values. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  WIDGET_SNIPPET: [snippet, "page"],
  WIDGET_ID: ["", widgetId],
  WIDGET_SNIPPET_2: ["", "  "],
  WIDGET_SNIPPET_3: [""],
  WIDGET_SECURITY_KEY: [settings.WIDGET_SECURITY_KEY],
  COOKIE_SECRET: [settings.COOKIE_SECRET, KEYS.join(" ")],
  PREVIEW_SECRET: ["", ...KEYS],
  AWS_ACCESS_KEY_ID: ["", "AKIAIOSFODNN7EXAMPLE"],
  AWS_SECRET_ACCESS_KEY: ["", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
  CONNECT_REGION: ["", "eu-central-1"],
  IMAGE_SOURCES: ["", "https://images.example.com https://*.example.net", "https:"],
  CONNECT_INSTANCE_ID: ["", widgetId],
  ORIGIN_URL: ["", "https://origin.example.com", "http://127.0.0.1:8080/", "http://[::1]:80"],
  CHAT_PATH: ["", "/_chat", "/a/b.c~d"],
  CONTACT_ATTRIBUTE: ["", "contactId", "past-chat"],
  VISITOR_ATTRIBUTE: ["", "persistentChatVisitor", "visitor_key"],
  TOKEN_TTL_SECONDS: ["", "500", "60", "600"],
  READY_AFTER_SECONDS: ["", "0", "60"],
  CHAT_DURATION_MINUTES: ["1500", "60"],
  RESUME_MINUTES: ["30", "0"],
  RETENTION_DAYS: ["365", "1", "730"],
  MODE: ["on", "off", "observe", "preview"],
  ROLLOUT_PERCENT: ["0", "50", "100"],
  INCLUDE_PATHS: ["", "/shop/* /help", "/:lang(en|de)/*", "/*"],
  EXCLUDE_PATHS: ["", "/checkout/* /admin", "/{old/}?cart"],
  SIGN_OUT_PATHS: ["", "/logout", "/*/sign-out"],
  CONSENT_COOKIE: ["", "consent=.*marketing", "ok=^(?:1|yes)$", "page", "tcf:1,3", "gcm"],
  CONSENT_LOAD: ["0", "1"],
  LOAD_WIDGET: ["", "now", "idle", "interaction"],
  CONTEXT: ["", "page", "error page title trail referrer language country device"],
  SELF_OFF: ["", "0", "1"],
  LOG_LEVEL: ["info", "debug", "error"],
};
const SECRETS = [
  "WIDGET_SNIPPET",
  "WIDGET_SNIPPET_2",
  "WIDGET_SECURITY_KEY",
  "COOKIE_SECRET",
  "PREVIEW_SECRET",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
];
const FRAGMENTS = [
  " ", "\t", "\n", "\0", "\u00a0", "/", "//", "..", "*", "(", ")", "[", "{", "}", "?", "+", ":", ":a", "\\", "|", "^", "#", "@", "=",
  "==", "-", "_", "0", "-1", "1e3", "1.5", "0x10", "9".repeat(20), "Infinity", "NaN", "null", "page", "on", "true", "\ud800", "\u{1f375}",
  "http:", "https://", "ftp://", "localhost", "xn--", "%2f", "%", "(?<a>", "(?=", "\\u{", "REPLACE_ME", "<script>", "</script>",
  "amazon_connect", "__proto__", "WIDGET_SNIPPET_2",
]; // prettier-ignore

const bindings = {
  VISITORS: { get: async () => new Map<string, string>(), put: async () => undefined },
  CHAT_LIMIT: { limit: async () => ({ success: true }) },
};

/** Values that wrangler.toml can hold, and objects that cannot even be turned into text. */
const anyValue = oneof(
  constantFrom<unknown>(
    undefined,
    null,
    true,
    false,
    0,
    -0,
    1.5,
    60,
    Number.NaN,
    10n,
    Symbol("x"),
    Object.create(null),
  ),
  constantFrom<unknown>({ toString: 1 }, [], ["/_chat"], new Uint8Array(32), () => "on", bindings.VISITORS),
  jsonValue(),
);
const anyText = (name: string) => {
  const texts = TEXTS[name] ?? [""];
  return oneof(
    { weight: 8, arbitrary: constantFrom(...texts) },
    { weight: 3, arbitrary: mutated(texts, FRAGMENTS, 3) },
    { weight: 1, arbitrary: string({ unit: "binary", maxLength: 60 }) },
  );
};
const anySetting = (name: string): Arbitrary<unknown> =>
  oneof({ weight: 20, arbitrary: anyText(name) }, { weight: 1, arbitrary: anyValue });
const anyBinding = (binding: unknown) =>
  oneof({ weight: 20, arbitrary: constant(binding) }, { weight: 1, arbitrary: anyValue });

const variables = Object.fromEntries(Object.keys(TEXTS).map((name) => [name, anySetting(name)]));
const needed = { ...settings, ...bindings };

/** The settings of a working Worker, of which a few are those of another setting, or wrong, or no text. */
const nearlyRight = array(constantFrom(...Object.keys(TEXTS)), { maxLength: 5 })
  .chain((names) => record(Object.fromEntries(names.map((name) => [name, anySetting(name)]))))
  .map((changed): Environment => Object.assign(changed, { ...needed, ...changed }));
const anything = record<Record<string, unknown>>(
  { ...variables, VISITORS: anyBinding(bindings.VISITORS), CHAT_LIMIT: anyBinding(bindings.CHAT_LIMIT) },
  { requiredKeys: [] },
);
const unknownNames = dictionary(
  constantFrom("__proto__", "toString", "WIDGET_SNIPPET_1", "WIDGET_SNIPPET_4", "WIDGET_SNIPPET_01", "widget_id"),
  anyValue,
  { maxKeys: 2 },
);
const withUnknownNames = tuple(unknownNames, nearlyRight).map(([more, right]): Environment =>
  Object.assign(more, right),
);
const environments = oneof(
  { weight: 3, arbitrary: nearlyRight },
  { weight: 1, arbitrary: anything },
  { weight: 1, arbitrary: withUnknownNames },
);

/** Without CF-Connecting-IP: nothing in these tests may need it. */
const pageRequest = () => new Request("https://www.example.com/en/cart", { headers: { "sec-fetch-dest": "document" } });

beforeAll(() => {
  for (const level of ["debug", "info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation(() => undefined);
  }
});
afterAll(() => vi.restoreAllMocks());

describe("parseConfig()", () => {
  it("gives usable settings, or names what to fix", { timeout: FUZZ_TIMEOUT_MS }, () => {
    assertProperty(
      property(environments, (env) => {
        const { chat: result, site, problems } = parseConfig(env);
        expect(site?.originUrl?.username ?? "").toBe("");
        if (result === null) {
          expect(problems).not.toEqual([]);
          for (const { setting, message } of problems) {
            expect(setting).not.toBe("settings");
            expect(message).toMatch(/^expected /);
          }
          return;
        }
        expect(result.chatPath).toMatch(/^(?:\/[\w.~-]+)+$/);
        expect(result.tokenTtlSeconds).toSatisfy((seconds: number) => seconds >= 60 && seconds <= 600);
        expect(result.retentionDays).toSatisfy((days: number) => days >= 1 && days <= 730);
        expect(result.contactAttribute).not.toBe(result.visitorAttribute);
        for (const secret of result.cookieSecrets) expect(secret.length).toBeGreaterThanOrEqual(32);
        if (result.aws !== null) expect(Object.values(result.aws)).not.toContain("");
      }),
      fuzzed(1500),
    );
  });

  it("never tells a secret", { timeout: FUZZ_TIMEOUT_MS }, () => {
    const marker = array(constantFrom(...Array.from("abcxyzABCXYZ0123456789")), { minLength: 16, maxLength: 16 }).map(
      (characters) => characters.join(""),
    );
    const isTold = (text: string, secret: string) =>
      Array.from({ length: secret.length - 7 }, (_, at) => secret.slice(at, at + 8)).some((part) =>
        text.includes(part),
      );
    // The mark may be anywhere in the text, also where only the mark makes the text wrong.
    const secrets = record(
      Object.fromEntries(SECRETS.map((name) => [name, option(anyText(name), { nil: undefined })])),
      { requiredKeys: [] },
    );
    assertProperty(
      property(nearlyRight, secrets, marker, constantFrom(0, 0.3, 0.6, 1), (env, changed, mark, at) => {
        const marked = Object.entries(changed).map(([name, text]) => {
          const place = Math.floor((text?.length ?? 0) * at);
          return [name, text && text.slice(0, place) + mark + text.slice(place)];
        });
        const originUrl = `https://anna:${mark}@origin.example.com`;
        const { chat, problems } = parseConfig({ ...env, ...Object.fromEntries(marked), ORIGIN_URL: originUrl });
        const messages = problems.map(({ setting, message }) => `${setting}: ${message}`).join("\n");
        expect(chat === null && !isTold(messages, mark)).toBe(true);
      }),
      fuzzed(500),
    );
  });
});

/** Node has no HTMLRewriter. Here nothing is rewritten. */
class UnusedRewriter {
  on(): this {
    return this;
  }

  onDocument(): this {
    return this;
  }
}

describe("a page", () => {
  it("comes from the origin, whatever the settings are", { timeout: FUZZ_TIMEOUT_MS }, async () => {
    vi.stubGlobal("HTMLRewriter", UnusedRewriter);
    await assertProperty(
      asyncProperty(environments, async (env) => {
        const fetchOrigin = async () =>
          new Response("the origin's page", { headers: { "content-type": "text/plain" } });
        const worker = app.createApp({ env, browserPart: "", fetch: fetchOrigin, now: () => 0 });
        const page = await worker.fetch(pageRequest());
        // Without a usable address there is no origin to ask.
        const isPossible = page.status !== 502 || !isUsable(env["ORIGIN_URL"]);
        expect(isPossible && (page.status === 502 || (await page.text()) === "the origin's page")).toBe(true);
      }),
      fuzzed(500),
    );
  });
});

function isUsable(originUrl: unknown): boolean {
  return originUrl === undefined || TEXTS["ORIGIN_URL"]?.some((text) => text === originUrl) === true;
}
