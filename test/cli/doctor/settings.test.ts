import { describe, expect, it } from "vitest";
import { checkSettings } from "../../../src/cli/doctor/settings.ts";
import { readLinkSettings } from "../../../src/cli/shared/own-settings.ts";

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

  it("asks for the variables of LINK_BY=worker, and takes no missing AWS key for a problem", () => {
    expect(checkSettings({ LINK_BY: "worker" }).problems).toEqual([
      "CONNECT_REGION: expected all four of the AWS settings for LINK_BY=worker, found nothing",
      "CONNECT_INSTANCE_ID: expected all four of the AWS settings for LINK_BY=worker, found nothing",
    ]);
    const instance = { CONNECT_REGION: "eu-central-1", CONNECT_INSTANCE_ID: "11111111-2222-4333-8444-555555555555" };
    expect(checkSettings({ LINK_BY: "worker", ...instance }).problems).toEqual([]);
    expect(checkSettings(instance).problems).toEqual([]);
  });

  it("tells the settings of alerts and self-off, without which the chat works, from the others", () => {
    const own = { CHAT_PATH: "/help", METRICS_DATASET: "my-dataset" };
    expect(checkSettings(own)).toMatchObject({
      problems: [],
      watchProblems: ['METRICS_DATASET: expected the name of a dataset: letters, digits and _, found "my-dataset"'],
      settings: { CHAT_PATH: "/help" },
    });
  });

  it("asks for what MODE=preview needs", () => {
    const { problems } = checkSettings({ MODE: "preview" });
    expect(problems).toEqual(["PREVIEW_SECRET: expected a secret for MODE=preview, found nothing"]);
  });
});

describe("readLinkSettings()", () => {
  it("has the Worker's defaults where nothing is set", () => {
    expect(readLinkSettings({})).toEqual({ linkBy: "flow", endAbandoned: false });
    expect(readLinkSettings({ LINK_BY: "worker", END_ABANDONED: "1" })).toEqual({
      linkBy: "worker",
      endAbandoned: true,
    });
  });
});
