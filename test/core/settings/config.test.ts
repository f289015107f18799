import { describe, expect, it } from "vitest";
import { type Config, parseConfig } from "../../../src/config.ts";
import { isChosenPath } from "../../../src/core/settings/chosen-paths.ts";
import { parsePathPattern } from "../../../src/core/settings/path-pattern.ts";
import { parseSnippet } from "../../../src/core/widget/snippet.ts";
import { CONSOLE_SNIPPET, OTHER_WIDGET_ID, WIDGET_ID } from "../widget/console-snippet.ts";
import { aws, chatOf, env, KEY, OTHER_KEY, problemsOf } from "./config-env.ts";

const dataset = { writeDataPoint: () => undefined };

describe("parseConfig()", () => {
  it("needs no more than the widget, its key, a cookie secret and the two bindings", () => {
    expect(parseConfig(env).site).toEqual({ originUrl: null, signOutPaths: [] });
    expect(chatOf()).toEqual({
      chatPath: "/_chat",
      widget: { source: "snippet", id: WIDGET_ID, snippet: parseSnippet(CONSOLE_SNIPPET) },
      securityKey: "S".repeat(44),
      cookieSecrets: [Uint8Array.from(Buffer.from(KEY, "base64url"))],
      aws: null,
      linkBy: "flow",
      endAbandoned: false,
      carryOverSeconds: null,
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
      loadWidget: "now",
      context: [],
      outcomes: true,
      selfOff: false,
      figures: { accountId: "", apiToken: null, dataset: "persistent_chat_edge" },
      alertWebhook: null,
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
      EXCLUDE_PATHS SIGN_OUT_PATHS CONSENT_COOKIE CONSENT_LOAD LOAD_WIDGET CONNECT_REGION IMAGE_SOURCES CONNECT_INSTANCE_ID LINK_BY
      END_ABANDONED CARRY_OVER CARRY_OVER_MINUTES CONTEXT OUTCOMES SELF_OFF LOG_LEVEL METRICS_TOKEN METRICS_ACCOUNT_ID METRICS_DATASET ALERT_WEBHOOK
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
    [{ LOAD_WIDGET: "idle" }, { loadWidget: "idle" }],
    [{ LOAD_WIDGET: "interaction" }, { loadWidget: "interaction" }],
    [{ SELF_OFF: "1" }, { selfOff: true }],
    [{ LOG_LEVEL: "debug" }, { logLevel: "debug" }],
    [{ METRICS: dataset }, { metrics: dataset }],
    [{ METRICS: "dataset" }, { metrics: null }],
    [
      { METRICS_TOKEN: "t".repeat(40), METRICS_ACCOUNT_ID: "0aB1".repeat(8), METRICS_DATASET: "chat_2" },
      { figures: { accountId: "0aB1".repeat(8), apiToken: "t".repeat(40), dataset: "chat_2" } },
    ],
    [{ ALERT_WEBHOOK: "https://hooks.example/T1/B1" }, { alertWebhook: new URL("https://hooks.example/T1/B1") }],
    [{ WIDGET_ID }, { widget: expect.objectContaining({ source: "snippet", id: WIDGET_ID }) }],
    [{ WIDGET_SNIPPET: "page\n", WIDGET_ID }, { widget: { source: "page", id: WIDGET_ID } }],
    [{ CONNECT_REGION: "us-gov-west-1", CONNECT_INSTANCE_ID: OTHER_WIDGET_ID }, { aws: null }],
    [
      aws,
      {
        aws: {
          accessKeyId: aws.AWS_ACCESS_KEY_ID,
          secretAccessKey: aws.AWS_SECRET_ACCESS_KEY,
          region: "eu-central-1",
          instanceId: OTHER_WIDGET_ID,
        },
      },
    ],
    [
      { ...aws, LINK_BY: "worker" },
      { linkBy: "worker", endAbandoned: false },
    ],
    [{ ...aws, LINK_BY: "worker", END_ABANDONED: 1 }, { endAbandoned: true }],
    [{ CARRY_OVER: 1 }, { carryOverSeconds: 3600 }],
    [{ CARRY_OVER: "1", CARRY_OVER_MINUTES: "10080" }, { carryOverSeconds: 604_800 }],
    [{ CARRY_OVER_MINUTES: "5" }, { carryOverSeconds: null }],
  ])("reads %j", (changed, expected) => {
    expect(chatOf(changed)).toMatchObject(expected);
  });
});

describe("parseConfig(), WIDGET_SNIPPET in parts", () => {
  const third = Math.floor(CONSOLE_SNIPPET.length / 3);
  const parts = {
    WIDGET_SNIPPET_3: CONSOLE_SNIPPET.slice(2 * third),
    WIDGET_SNIPPET: CONSOLE_SNIPPET.slice(0, third),
    WIDGET_SNIPPET_2: CONSOLE_SNIPPET.slice(third, 2 * third),
  };

  it("joins them in the order of their numbers", () => {
    expect(chatOf(parts)).toEqual(chatOf());
  });

  it("joins ten and more in the order of their numbers", () => {
    const size = Math.ceil(CONSOLE_SNIPPET.length / 11);
    const pieces = Array.from({ length: 11 }, (_, index) => [
      index === 0 ? "WIDGET_SNIPPET" : `WIDGET_SNIPPET_${index + 1}`,
      CONSOLE_SNIPPET.slice(index * size, (index + 1) * size),
    ]);
    expect(chatOf(Object.fromEntries(pieces))).toEqual(chatOf());
  });

  it.each([
    ["WIDGET_SNIPPET_2", { ...parts, WIDGET_SNIPPET_2: "" }],
    ["WIDGET_SNIPPET_2", { WIDGET_SNIPPET_1: CONSOLE_SNIPPET }],
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

  it("still knows where the site is when the check of a binding fails, and quotes nothing of the fault", () => {
    const broken = Object.defineProperty({ ...env, SIGN_OUT_PATHS: "/bye" }, "VISITORS", {
      get() {
        throw new Error("hunter2");
      },
    });
    const { chat, problems, site } = parseConfig(broken);
    expect(chat).toBeNull();
    expect(site).toEqual({ originUrl: null, signOutPaths: [parsePathPattern("/bye")] });
    const message = "expected settings that can be read, found a fault of this Worker: Error";
    expect(problems).toEqual([{ setting: "settings", message }]);
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
