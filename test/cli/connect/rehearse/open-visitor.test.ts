import { parse } from "valibot";
import { expect, it } from "vitest";
import { guessConsent } from "../../../../src/cli/connect/rehearse/open-visitor.ts";
import { consentCookie } from "../../../../src/core/settings/schemas.ts";

it.each([
  ["consent=.*chat", "consent=chat"],
  ["consent=yes", "consent=yes"],
  ["OptanonConsent=.*C0003%3A1", "OptanonConsent=C0003%3A1"],
  ["consent=^a\\.b$", "consent=a.b"],
  ["consent=(?:yes|ja)", null],
  [String.raw`consent=\d`, null],
  ["", null],
])("guessConsent() finds a cookie for %s", (text, cookie) => {
  expect(guessConsent(parse(consentCookie(), text), text)).toBe(cookie);
});
