import { describe, expect, it } from "vitest";
import { type Config, parseConfig } from "../../../src/config.ts";
import { isChosenPath } from "../../../src/core/settings/chosen-paths.ts";
import { parseRegex } from "../../../src/core/settings/regex.ts";
import { parseSnippet } from "../../../src/core/widget/snippet.ts";
import { parsePathPattern } from "../../../src/core/settings/path-pattern.ts";

const WIDGET_ID = "b2f7c7a4-4d3b-4a57-9d0e-0a3c1d7f1e55";
const OTHER_ID = "0f9f1c0e-7f6e-4b58-9f53-6d3d5cf4a001";
const SCRIPT = `(function (w, d, x, id) {
  s = d.createElement("script");
  s.src = "https://d1x2y3.cloudfront.net/amazon-connect-chat-interface-client.js";
  s.id = id;
  d.getElementsByTagName("head")[0].appendChild(s);
  w[x] = w[x] || function () { (w[x].ac = w[x].ac || []).push(arguments); };
})(window, document, "amazon_connect", "${WIDGET_ID}");
amazon_connect("snippetId", "QVFJREFIZ2l0K1B4");
`;
const SNIPPET = `<script>${SCRIPT}</script>`;
const KEY = "k".repeat(43);
const OTHER_KEY = "_-".repeat(22);

const env = {
  WIDGET_SNIPPET: SNIPPET,
  WIDGET_SECURITY_KEY: "S".repeat(44),
  COOKIE_SECRET: KEY,
  VISITORS: { get: async () => new Map<string, string>(), put: async () => undefined },
  CHAT_LIMIT: { limit: async () => ({ success: true }) },
};
const dataset = { writeDataPoint: () => undefined };
const aws = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  CONNECT_REGION: "eu-central-1",
  CONNECT_INSTANCE_ID: OTHER_ID,
};

function chatOf(changed: object = {}): Config | null {
  return parseConfig({ ...env, ...changed }).chat;
}

function problemsOf(changed: object): Record<string, string> {
  const { problems } = parseConfig({ ...env, ...changed });
  return Object.fromEntries(problems.map(({ setting, message }) => [setting, message]));
}

describe("parseConfig()", () => {
  it("needs no more than the widget, its key, a cookie secret and the two bindings", () => {
    expect(parseConfig(env).site).toEqual({ originUrl: null, signOutPaths: [] });
    expect(chatOf()).toEqual({
      chatPath: "/_chat",
      widget: { source: "snippet", id: WIDGET_ID, snippet: parseSnippet(SNIPPET) },
      securityKey: "S".repeat(44),
      cookieSecrets: [Uint8Array.from(Buffer.from(KEY, "base64url"))],
      aws: null,
      connectRegion: "",
      imageSources: [],
      previewSecret: null,
      contactAttribute: "contactId",
      visitorAttribute: "persistentChatVisitor",
      tokenTtlSeconds: 500,
      readyAfterSeconds: 60,
      chatDurationMinutes: 1500,
      resumeMinutes: 30,
      retentionDays: 365,
      mode: "on",
      rolloutPercent: 100,
      paths: { include: [], exclude: [] },
      consentCookie: null,
      consentLoad: false,
      forgetByClick: false,
      logLevel: "info",
      visitors: env.VISITORS,
      callLimit: env.CHAT_LIMIT,
      metrics: null,
    } satisfies Config);
  });

  it.each(["https://origin.example.com", "http://localhost:8787/"])("reads ORIGIN_URL %s", (address) => {
    expect(parseConfig({ ...env, ORIGIN_URL: address }).site?.originUrl).toEqual(new URL(address));
  });

  it("takes an empty variable for one that is not set", () => {
    const optional = `ORIGIN_URL CHAT_PATH WIDGET_ID CONTACT_ATTRIBUTE VISITOR_ATTRIBUTE TOKEN_TTL_SECONDS
      READY_AFTER_SECONDS CHAT_DURATION_MINUTES RESUME_MINUTES RETENTION_DAYS MODE ROLLOUT_PERCENT INCLUDE_PATHS
      EXCLUDE_PATHS SIGN_OUT_PATHS CONSENT_COOKIE CONSENT_LOAD CONNECT_REGION IMAGE_SOURCES CONNECT_INSTANCE_ID LOG_LEVEL
      PREVIEW_SECRET WIDGET_SNIPPET_2 AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY`.split(/\s+/);
    expect(parseConfig({ ...env, ...Object.fromEntries(optional.map((name) => [name, ""])) })).toEqual(
      parseConfig(env),
    );
  });

  it.each<[Record<string, unknown>, Partial<Config>]>([
    [{ CHAT_PATH: "/a/.well~known_1" }, { chatPath: "/a/.well~known_1" }],
    [
      { IMAGE_SOURCES: " https://a.example:8443/p/  https://*.b.example https: " },
      { imageSources: ["https://a.example:8443/p/", "https://*.b.example", "https:"] },
    ],
    [{ CONTACT_ATTRIBUTE: "past-Chat_1" }, { contactAttribute: "past-Chat_1" }],
    [{ VISITOR_ATTRIBUTE: "visitor" }, { visitorAttribute: "visitor" }],
    [{ TOKEN_TTL_SECONDS: "60" }, { tokenTtlSeconds: 60 }],
    [{ TOKEN_TTL_SECONDS: "600" }, { tokenTtlSeconds: 600 }],
    [{ READY_AFTER_SECONDS: "0" }, { readyAfterSeconds: 0 }],
    [{ CHAT_DURATION_MINUTES: "10080" }, { chatDurationMinutes: 10_080 }],
    [{ RESUME_MINUTES: 0 }, { resumeMinutes: 0 }],
    [{ RETENTION_DAYS: "730" }, { retentionDays: 730 }],
    [{ MODE: "off" }, { mode: "off" }],
    [{ MODE: "observe" }, { mode: "observe" }],
    [
      { MODE: "preview", PREVIEW_SECRET: KEY },
      { mode: "preview", previewSecret: Uint8Array.from(Buffer.from(KEY, "base64url")) },
    ],
    [{ ROLLOUT_PERCENT: 5 }, { rolloutPercent: 5 }],
    [
      { CONSENT_COOKIE: "consent=a=b" },
      { consentCookie: { name: "consent", value: parseRegex("a=b") }, consentLoad: false },
    ],
    [
      { CONSENT_COOKIE: "c=^1$", CONSENT_LOAD: "1" },
      { consentCookie: { name: "c", value: parseRegex("^1$") }, consentLoad: true },
    ],
    [{ LOG_LEVEL: "debug" }, { logLevel: "debug" }],
    [{ METRICS: dataset }, { metrics: dataset }],
    [{ METRICS: "dataset" }, { metrics: null }],
    [{ WIDGET_ID }, { widget: expect.objectContaining({ source: "snippet", id: WIDGET_ID }) }],
    [{ WIDGET_SNIPPET: "page\n", WIDGET_ID }, { widget: { source: "page", id: WIDGET_ID } }],
    [{ CONNECT_REGION: "us-gov-west-1", CONNECT_INSTANCE_ID: OTHER_ID }, { aws: null }],
    [
      aws,
      {
        aws: {
          accessKeyId: aws.AWS_ACCESS_KEY_ID,
          secretAccessKey: aws.AWS_SECRET_ACCESS_KEY,
          region: "eu-central-1",
          instanceId: OTHER_ID,
        },
      },
    ],
  ])("reads %j", (changed, expected) => {
    expect(chatOf(changed)).toMatchObject(expected);
  });

  it.each([
    ["ORIGIN_URL", "origin.example.com"],
    ["ORIGIN_URL", "ftp://origin.example.com"],
    ["ORIGIN_URL", "https://origin.example.com/shop"],
    ["ORIGIN_URL", "https://origin.example.com/?a=b"],
    ["ORIGIN_URL", "https://origin.example.com/#a"],
    ["ORIGIN_URL", "https://anna:secret@origin.example.com"],
    ["CHAT_PATH", "_chat"],
    ["CHAT_PATH", "/_chat/"],
    ["CHAT_PATH", "/"],
    ["CHAT_PATH", "/a//b"],
    ["CHAT_PATH", "/a/../b"],
    ["CHAT_PATH", "/a b"],
    ["WIDGET_ID", OTHER_ID],
    ["WIDGET_SECURITY_KEY", undefined],
    ["WIDGET_SECURITY_KEY", ""],
    ["WIDGET_SECURITY_KEY", "S".repeat(43)],
    ["WIDGET_SECURITY_KEY", "S".repeat(45)],
    ["WIDGET_SECURITY_KEY", `${"S".repeat(43)}\n`],
    ["WIDGET_SECURITY_KEY", `${"S".repeat(44)}\n`],
    ["COOKIE_SECRET", undefined],
    ["COOKIE_SECRET", " "],
    ["COOKIE_SECRET", 5],
    ["COOKIE_SECRET", "k".repeat(42)],
    ["COOKIE_SECRET", "k".repeat(45)],
    ["COOKIE_SECRET", `${"k".repeat(42)}+`],
    ["COOKIE_SECRET", `${KEY} short`],
    ["PREVIEW_SECRET", "k".repeat(42)],
    ["AWS_ACCESS_KEY_ID", "AKIA"],
    ["AWS_SECRET_ACCESS_KEY", "a b"],
    ["IMAGE_SOURCES", "images.example.com"],
    ["IMAGE_SOURCES", "https://a.example http://b.example"],
    ["IMAGE_SOURCES", "https://a.example; script-src"],
    ["IMAGE_SOURCES", "https://a.example,https://b.example"],
    ["IMAGE_SOURCES", "https://*"],
    ["IMAGE_SOURCES", "*"],
    ["CONNECT_REGION", "Frankfurt"],
    ["CONNECT_REGION", "eu-central"],
    ["CONNECT_REGION", "eu-central-1a"],
    ["CONNECT_REGION", "*"],
    ["CONNECT_INSTANCE_ID", "arn:aws:connect:eu-central-1:1:instance/a"],
    ["CONTACT_ATTRIBUTE", "contact.id"],
    ["CONTACT_ATTRIBUTE", "contactIdFallback"],
    ["VISITOR_ATTRIBUTE", "chatContinue"],
    ["VISITOR_ATTRIBUTE", "chatWaitSeconds"],
    ["VISITOR_ATTRIBUTE", "contactId"],
    ["TOKEN_TTL_SECONDS", "59"],
    ["TOKEN_TTL_SECONDS", "601"],
    ["TOKEN_TTL_SECONDS", "1e2"],
    ["TOKEN_TTL_SECONDS", "100.0"],
    ["TOKEN_TTL_SECONDS", " 100"],
    ["TOKEN_TTL_SECONDS", true],
    ["READY_AFTER_SECONDS", "-1"],
    ["READY_AFTER_SECONDS", "601"],
    ["CHAT_DURATION_MINUTES", "59"],
    ["CHAT_DURATION_MINUTES", "10081"],
    ["RESUME_MINUTES", "10081"],
    ["RETENTION_DAYS", "0"],
    ["RETENTION_DAYS", "731"],
    ["MODE", "On"],
    ["MODE", false],
    ["ROLLOUT_PERCENT", "101"],
    ["ROLLOUT_PERCENT", "50%"],
    ["INCLUDE_PATHS", "/shop/* shop/*"],
    ["INCLUDE_PATHS", "/shop/../help"],
    ["INCLUDE_PATHS", "/:id([a-z--[aeiou]])"],
    ["INCLUDE_PATHS", "/a/*/b ".repeat(80)],
    ["EXCLUDE_PATHS", "/(a(?=b).*)"],
    ["SIGN_OUT_PATHS", `/a${"{/b*c}+".repeat(10)}`],
    ["EXCLUDE_PATHS", "/(a"],
    ["SIGN_OUT_PATHS", "https://www.example.com/logout"],
    ["CONSENT_COOKIE", "consent"],
    ["CONSENT_COOKIE", "consent="],
    ["CONSENT_COOKIE", "=yes"],
    ["CONSENT_COOKIE", "my consent=yes"],
    ["CONSENT_COOKIE", "consent=("],
    ["CONSENT_COOKIE", "consent=chat(?!=no)"],
    ["CONSENT_COOKIE", "consent=(?<!no)chat"],
    ["CONSENT_COOKIE", String.raw`consent=(a)\1`],
    ["CONSENT_COOKIE", String.raw`consent=\p{L}`],
    ["CONSENT_COOKIE", "consent=(?i:chat)"],
    ["CONSENT_COOKIE", "consent=((a{9}){9}){9}"],
    ["CONSENT_COOKIE", "consent=(?:a{999999999}){999999999}"],
    ["CONSENT_LOAD", "yes"],
    ["CONSENT_LOAD", { toString: "no function" }],
    ["LOG_LEVEL", "trace"],
    ["WIDGET_SNIPPET", undefined],
    ["WIDGET_SNIPPET", 5],
    ["WIDGET_SNIPPET", "<script src='https://chat.example/widget.js'></script>"],
    ["VISITORS", undefined],
    ["VISITORS", "visitors"],
    ["VISITORS", { get() {} }],
    ["CHAT_LIMIT", undefined],
    ["CHAT_LIMIT", 30],
    ["CHAT_LIMIT", {}],
  ])("refuses %s = %j and nothing else", (setting, value) => {
    const problems = problemsOf({ ...aws, CONSENT_COOKIE: "c=1", [setting]: value });
    expect(problems).toEqual({ [setting]: expect.stringMatching(/^expected .+, found .+$/) });
  });

  it.each([
    [{ AWS_ACCESS_KEY_ID: aws.AWS_ACCESS_KEY_ID }, ["AWS_SECRET_ACCESS_KEY", "CONNECT_REGION", "CONNECT_INSTANCE_ID"]],
    [{ AWS_SECRET_ACCESS_KEY: "s" }, ["AWS_ACCESS_KEY_ID", "CONNECT_REGION", "CONNECT_INSTANCE_ID"]],
    [{ ...aws, CONNECT_REGION: "" }, ["CONNECT_REGION"]],
    [{ MODE: "preview" }, ["PREVIEW_SECRET"]],
    [{ CONSENT_LOAD: 1 }, ["CONSENT_COOKIE"]],
    [{ WIDGET_SNIPPET: "page" }, ["WIDGET_ID"]],
  ])("names what %j lacks", (changed, missing) => {
    expect(Object.keys(problemsOf(changed))).toEqual(missing);
  });

  it("refuses a widget id that is no UUID for the page's own widget", () => {
    expect(Object.keys(problemsOf({ WIDGET_SNIPPET: "page", WIDGET_ID: "widget" }))).toEqual(["WIDGET_ID"]);
  });

  it.each([
    ["TOKEN_TTL_SECONDS", "700", 'expected a whole number from 60 to 600, found "700"'],
    ["ROLLOUT_PERCENT", true, "expected text, found a value of type boolean"],
    ["INCLUDE_PATHS", "/a b", 'expected path patterns such as /shop/*, separated by spaces, found "b"'],
    ["INCLUDE_PATHS", "/(a|b(?!c))", /, separated by spaces, without lookaround, back references or flags, found "/],
    [
      "INCLUDE_PATHS",
      "/a/*/b ".repeat(80),
      /, separated by spaces, shorter or with fewer repetitions, found 80 of them$/,
    ],
    ["CONSENT_COOKIE", "c=", 'expected name=regex, such as consent=.*marketing, found "c="'],
    [
      "CONSENT_COOKIE",
      "c=(?=a)",
      'expected name=regex, such as consent=.*marketing, without lookaround, back references or flags, found "c=(?=a)"',
    ],
    [
      "CONSENT_COOKIE",
      "c=a{999}",
      'expected name=regex, such as consent=.*marketing, shorter or with fewer repetitions, found "c=a{999}"',
    ],
    ["ORIGIN_URL", `https://${"a".repeat(80)}.example/b`, /found 98 characters$/],
    ["WIDGET_SECURITY_KEY", "abc", /^expected the 44 characters that .*, found 3 characters$/],
    ["WIDGET_SECURITY_KEY", `${"S".repeat(44)}\n`, /found 45 characters with white space around them$/],
    ["WIDGET_SECURITY_KEY", `S ${"S".repeat(42)}`, /found 44 characters with white space among them$/],
    ["COOKIE_SECRET", undefined, /^expected 32 random bytes or more in base64url .*, found nothing$/],
  ])("says of %s = %j what was expected and found", (setting, value, message) => {
    expect(problemsOf({ [setting]: value })[setting]).toMatch(message);
  });

  it("reports all problems together", () => {
    const changed = {
      WIDGET_SNIPPET: "",
      WIDGET_SECURITY_KEY: "short",
      COOKIE_SECRET: `${KEY} short also-short`,
      ORIGIN_URL: "shop",
      MODE: "preview",
      INCLUDE_PATHS: "a b",
      VISITOR_ATTRIBUTE: "contactId",
      CONSENT_LOAD: "1",
      AWS_ACCESS_KEY_ID: aws.AWS_ACCESS_KEY_ID,
      VISITORS: undefined,
      CHAT_LIMIT: undefined,
    };
    expect(parseConfig(changed).chat).toBeNull();
    expect(Object.keys(problemsOf(changed))).toEqual([
      "WIDGET_SNIPPET",
      "ORIGIN_URL",
      "WIDGET_SECURITY_KEY",
      "COOKIE_SECRET",
      "INCLUDE_PATHS",
      "VISITORS",
      "CHAT_LIMIT",
      "AWS_SECRET_ACCESS_KEY",
      "CONNECT_REGION",
      "CONNECT_INSTANCE_ID",
      "PREVIEW_SECRET",
      "CONSENT_COOKIE",
      "VISITOR_ATTRIBUTE",
    ]);
  });

  it("does not show the password in an origin's address", () => {
    expect(problemsOf({ ORIGIN_URL: "https://anna:open-sesame@example.com" })["ORIGIN_URL"]).not.toContain("sesame");
  });
});

describe("parseConfig(), WIDGET_SNIPPET in parts", () => {
  const third = Math.floor(SNIPPET.length / 3);
  const parts = {
    WIDGET_SNIPPET_3: SNIPPET.slice(2 * third),
    WIDGET_SNIPPET: SNIPPET.slice(0, third),
    WIDGET_SNIPPET_2: SNIPPET.slice(third, 2 * third),
  };

  it("joins them in the order of their numbers", () => {
    expect(chatOf(parts)).toEqual(chatOf());
  });

  it("joins ten and more in the order of their numbers", () => {
    const size = Math.ceil(SNIPPET.length / 11);
    const pieces = Array.from({ length: 11 }, (_, index) => [
      index === 0 ? "WIDGET_SNIPPET" : `WIDGET_SNIPPET_${index + 1}`,
      SNIPPET.slice(index * size, (index + 1) * size),
    ]);
    expect(chatOf(Object.fromEntries(pieces))).toEqual(chatOf());
  });

  it.each([
    ["WIDGET_SNIPPET_2", { ...parts, WIDGET_SNIPPET_2: "" }],
    ["WIDGET_SNIPPET_2", { WIDGET_SNIPPET_1: SNIPPET }],
    ["WIDGET_SNIPPET_4", { ...parts, WIDGET_SNIPPET_5: "more" }],
    ["WIDGET_SNIPPET_2", { WIDGET_SNIPPET_2: 5 }],
  ])("names %s where the numbers do not go on", (setting, changed) => {
    expect(Object.keys(problemsOf(changed))).toEqual([setting]);
  });
});

describe("parseConfig(), COOKIE_SECRET", () => {
  it.each([
    ["several, separated by any white space", ` ${KEY}\n${OTHER_KEY} `, [KEY, OTHER_KEY]],
    ["padded", `${KEY}=`, [KEY]],
    ["longer", "a".repeat(86), ["a".repeat(86)]],
  ])("takes secrets that are %s", (_case, value, keys) => {
    const bytes = keys.map((key) => Uint8Array.from(Buffer.from(key, "base64url")));
    expect(chatOf({ COOKIE_SECRET: value })?.cookieSecrets).toEqual(bytes);
  });
});

describe("parseConfig(), paths", () => {
  const paths = chatOf({ INCLUDE_PATHS: " /shop/*  *.html\n{/en}?/help /p/:id(\\d+)" })?.paths ?? {
    include: [],
    exclude: [],
  };

  it.each([
    ["/shop/", true],
    ["/a/b.html", true],
    ["/help", true],
    ["/en/help", true],
    ["/p/7", true],
    ["/p/x", false],
    ["/shop", false],
  ])("matches %s: %s", (pathname, isMatch) => {
    expect(isChosenPath(paths, pathname)).toBe(isMatch);
  });
});

describe("parseConfig(), with a setting that cannot be used", () => {
  const unusable = { ...env, MODE: "bad" };

  it("still knows where the site is, and where visitors sign out", () => {
    const { chat, site } = parseConfig({
      ...unusable,
      ORIGIN_URL: "https://origin.example.com",
      SIGN_OUT_PATHS: "/bye",
    });
    expect(chat).toBeNull();
    expect(site).toEqual({
      originUrl: new URL("https://origin.example.com"),
      signOutPaths: [parsePathPattern("/bye")],
    });
  });

  it("knows of Route mode", () => {
    expect(parseConfig(unusable).site?.originUrl).toBeNull();
  });

  it("does not know where the site is when ORIGIN_URL is no address", () => {
    const { problems, site } = parseConfig({ ...unusable, ORIGIN_URL: "shop" });
    expect(site).toBeNull();
    expect(problems[0]).toEqual({
      setting: "ORIGIN_URL",
      message: expect.stringMatching(/^expected .*, found "shop"$/),
    });
  });

  it("still knows the path of the chat routes", () => {
    expect(parseConfig({ ...unusable, CHAT_PATH: "/help" }).chatPath).toBe("/help");
  });

  it("puts the chat routes at the usual path when nothing is set", () => {
    expect(parseConfig(unusable).chatPath).toBe("/_chat");
  });

  it("puts the chat routes at the usual path when CHAT_PATH cannot be used", () => {
    const { chatPath, problems } = parseConfig({ ...unusable, CHAT_PATH: "help" });
    expect(chatPath).toBe("/_chat");
    expect(problems[0]).toEqual({
      setting: "CHAT_PATH",
      message: expect.stringMatching(/^expected .*, found "help"$/),
    });
  });

  it("signs out nowhere when SIGN_OUT_PATHS cannot be used", () => {
    expect(parseConfig({ ...env, SIGN_OUT_PATHS: "bye" }).site).toEqual({ originUrl: null, signOutPaths: [] });
  });
});
