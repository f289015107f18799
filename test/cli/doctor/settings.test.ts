import { describe, expect, it } from "vitest";
import { checkSettings } from "../../../src/cli/doctor/settings.ts";

describe("checkSettings()", () => {
  it("takes no secret that is not set yet for a problem", () => {
    expect(checkSettings({ CHAT_PATH: "/help" })).toMatchObject({ problems: [], settings: { CHAT_PATH: "/help" } });
  });

  it("lists every problem that the Worker would log, and gives the defaults then", () => {
    const own = { CHAT_PATH: "/help", MODE: "onn", CONTACT_ATTRIBUTE: "same", VISITOR_ATTRIBUTE: "same" };
    expect(checkSettings(own)).toMatchObject({
      problems: [
        'MODE: expected on or off or observe or preview, found "onn"',
        "VISITOR_ATTRIBUTE: expected another name than CONTACT_ATTRIBUTE, found the same",
      ],
      settings: { CHAT_PATH: "/_chat", MODE: "on" },
    });
  });

  it("asks for what MODE=preview needs", () => {
    const { problems } = checkSettings({ MODE: "preview" });
    expect(problems).toEqual(["PREVIEW_SECRET: expected a secret for MODE=preview, found nothing"]);
  });
});
