import { describe, expect, it } from "vitest";
import { toCountedEvent } from "../../src/core/counted-event.ts";

describe("toCountedEvent()", () => {
  it.each([
    ["page.injected", {}, "", ""],
    ["page.left-alone", { reason: "fragment", status: 200 }, "", "fragment"],
    ["page.observed", { outcome: "leave", reason: "amp" }, "leave", "amp"],
    ["token.issued", { continue: "now", reason: "ended" }, "now", "ended"],
    ["contact.recorded", { state: "started" }, "started", ""],
    ["chat.linked", { outcome: "linked" }, "linked", ""],
    ["chat.refused", { path: "/_chat/token", code: "SWITCHED_OFF", message: "No tokens" }, "", "SWITCHED_OFF"],
  ])("counts %s %j as %j, %j", (event, fields, outcome, reason) => {
    expect(toCountedEvent(event, fields)).toEqual({
      event,
      outcome,
      reason,
      browser: "",
      version: "",
      network: "",
      operator: "",
    });
  });

  it.each(["method", "upgrade", "destination", "frame"])(
    "does not count what is left alone as no page: %s",
    (reason) => {
      expect(toCountedEvent("page.left-alone", { reason })).toBeNull();
    },
  );

  it("counts nothing else", () => {
    expect(toCountedEvent("settings.invalid", { setting: "MODE" })).toBeNull();
  });
});
