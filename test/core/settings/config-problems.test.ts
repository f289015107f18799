import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config.ts";
import { OTHER_WIDGET_ID } from "../widget/console-snippet.ts";
import { aws, chatOf, env, KEY, problemsOf } from "./config-env.ts";

describe("parseConfig(), problems", () => {
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
    ["WIDGET_ID", OTHER_WIDGET_ID],
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
    ["LINK_BY", "both"],
    ["END_ABANDONED", "yes"],
    ["END_ABANDONED", "1"],
    ["CARRY_OVER", "yes"],
    ["CARRY_OVER_MINUTES", "0"],
    ["CARRY_OVER_MINUTES", "10081"],
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
    ["CONSENT_COOKIE", "tcf"],
    ["CONSENT_COOKIE", "tcf:"],
    ["CONSENT_COOKIE", "tcf:0"],
    ["CONSENT_COOKIE", "tcf:12"],
    ["CONSENT_COOKIE", "tcf:01"],
    ["CONSENT_COOKIE", "tcf:1,"],
    ["CONSENT_COOKIE", "tcf:1, 3"],
    ["CONSENT_COOKIE", "tcf:1,3,1"],
    ["CONSENT_COOKIE", "tcf:1=yes"],
    ["CONSENT_COOKIE", `tcf:1${",2".repeat(500_000)}`],
    ["CONSENT_COOKIE", "Page"],
    ["CONSENT_COOKIE", "gcm:analytics_storage"],
    ["CONSENT_LOAD", "yes"],
    ["CONSENT_LOAD", { toString: "no function" }],
    ["LOAD_WIDGET", "later"],
    ["SELF_OFF", "yes"],
    ["METRICS_TOKEN", "my token"],
    ["METRICS_ACCOUNT_ID", "0a".repeat(15)],
    ["METRICS_DATASET", "chat; DROP"],
    ["METRICS_DATASET", "2chat"],
    ["ALERT_WEBHOOK", "hooks.example/T1"],
    ["ALERT_WEBHOOK", "http://hooks.example/T1"],
    ["ALERT_WEBHOOK", "https://me:secret@hooks.example/T1"],
    ["ALERT_WEBHOOK", "https://events.pagerduty.com/v2/enqueue"],
    ["ALERT_WEBHOOK", 5],
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
    [{ LINK_BY: "worker" }, ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "CONNECT_REGION", "CONNECT_INSTANCE_ID"]],
    [{ MODE: "preview" }, ["PREVIEW_SECRET"]],
    [{ CONSENT_LOAD: 1 }, ["CONSENT_COOKIE"]],
    [{ WIDGET_SNIPPET: "page" }, ["WIDGET_ID"]],
  ])("names what %j lacks", (changed, missing) => {
    expect(Object.keys(problemsOf(changed))).toEqual(missing);
  });

  it("refuses a widget id that is no UUID for the page's own widget", () => {
    expect(Object.keys(problemsOf({ WIDGET_SNIPPET: "page", WIDGET_ID: "widget" }))).toEqual(["WIDGET_ID"]);
  });

  it("refuses to delay the page's own widget, which the Worker cannot hold back", () => {
    const page = { WIDGET_SNIPPET: "page", WIDGET_ID: OTHER_WIDGET_ID };
    expect(problemsOf({ ...page, LOAD_WIDGET: "idle" })).toEqual({
      LOAD_WIDGET: "expected now with WIDGET_SNIPPET=page, since your pages load that widget themselves, found idle",
    });
    expect(problemsOf({ ...page, LOAD_WIDGET: "now" })).toEqual({});
    expect(problemsOf({ ...page, LOAD_WIDGET: "" })).toEqual({});
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
    [
      "CONSENT_COOKIE",
      "pages",
      'expected name=regex, such as consent=.*marketing, or page, tcf:1,3 or gcm, found "pages"',
    ],
    [
      "CONSENT_COOKIE",
      "tcf:3,3",
      'expected purposes of the TCF, such as tcf:1,3: numbers from 1 to 11, each once, found "tcf:3,3"',
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
    expect(chatOf(changed)).toBeNull();
    expect(Object.keys(problemsOf(changed))).toEqual([
      "WIDGET_SNIPPET",
      "ORIGIN_URL",
      "WIDGET_SECURITY_KEY",
      "COOKIE_SECRET",
      "INCLUDE_PATHS",
      "AWS_SECRET_ACCESS_KEY",
      "CONNECT_REGION",
      "CONNECT_INSTANCE_ID",
      "PREVIEW_SECRET",
      "CONSENT_COOKIE",
      "VISITOR_ATTRIBUTE",
      "VISITORS",
      "CHAT_LIMIT",
    ]);
  });

  it("does not show the password in an origin's address", () => {
    expect(problemsOf({ ORIGIN_URL: "https://anna:open-sesame@example.com" })["ORIGIN_URL"]).not.toContain("sesame");
  });

  it.each([
    ["INCLUDE_PATHS", { INCLUDE_PATHS: "shop shop" }],
    ["COOKIE_SECRET", { COOKIE_SECRET: "abc abc" }],
    ["CONTACT_ATTRIBUTE, VISITOR_ATTRIBUTE", { CONTACT_ATTRIBUTE: "a b", VISITOR_ATTRIBUTE: "a b" }],
  ])("names %s once each", (names, changed) => {
    expect(
      parseConfig({ ...env, ...changed })
        .problems.map(({ setting }) => setting)
        .join(", "),
    ).toBe(names);
  });
});
