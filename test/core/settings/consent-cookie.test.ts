import { describe, expect, it } from "vitest";
import { parseRegex } from "../../../src/core/settings/regex.ts";
import { chatOf } from "./config-env.ts";

describe("parseConfig(), CONSENT_COOKIE", () => {
  it.each<[Record<string, string>, object]>([
    [
      { CONSENT_COOKIE: "consent=a=b" },
      { consentCookie: { source: "cookie", name: "consent", value: parseRegex("a=b") }, consentLoad: false },
    ],
    [
      { CONSENT_COOKIE: "c=^1$", CONSENT_LOAD: "1" },
      { consentCookie: { source: "cookie", name: "c", value: parseRegex("^1$") }, consentLoad: true },
    ],
    [{ CONSENT_COOKIE: "page" }, { consentCookie: { source: "page" } }],
    [
      { CONSENT_COOKIE: "gcm", CONSENT_LOAD: "1" },
      { consentCookie: { source: "gcm" }, consentLoad: true },
    ],
    [{ CONSENT_COOKIE: "tcf:1" }, { consentCookie: { source: "tcf", purposes: [1] } }],
    [{ CONSENT_COOKIE: "tcf:11,1,3" }, { consentCookie: { source: "tcf", purposes: [11, 1, 3] } }],
  ])("reads %j", (changed, expected) => {
    expect(chatOf(changed)).toMatchObject(expected);
  });
});
