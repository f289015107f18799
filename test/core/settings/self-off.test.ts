import { describe, expect, it } from "vitest";
import { OTHER_WIDGET_ID } from "../widget/console-snippet.ts";
import { chatOf, problemsOf } from "./config-env.ts";

const UNSET = {
  selfOff: false,
  figures: { apiToken: null, accountId: "", dataset: "persistent_chat_edge" },
  alertWebhook: null,
};

describe("parseConfig(), a setting of alerts or self-off that cannot be used", () => {
  it.each([
    { ALERT_WEBHOOK: "hooks.slack.com/services/T1" },
    { ALERT_WEBHOOK: "https://events.pagerduty.com/v2/enqueue" },
    { METRICS_TOKEN: `${"t".repeat(40)}\n` },
    { METRICS_ACCOUNT_ID: "my account" },
    { METRICS_DATASET: "my-dataset" },
    { SELF_OFF: "yes" },
    { SELF_OFF: "1", OUTCOMES: "0" },
    { SELF_OFF: "1", WIDGET_SNIPPET: "page", WIDGET_ID: OTHER_WIDGET_ID },
  ])("counts as not set, is named, and takes the chat off no site: %j", (changed) => {
    expect(chatOf(changed)).toMatchObject(UNSET);
    expect(Object.keys(problemsOf(changed))).toEqual([Object.keys(changed)[0]]);
  });

  it("takes an OUTCOMES that cannot be used for 0: whoever sets it does not want its default", () => {
    expect(chatOf({ OUTCOMES: "off" })).toMatchObject({ outcomes: false, mode: "on" });
    expect(Object.keys(problemsOf({ OUTCOMES: "off" }))).toEqual(["OUTCOMES"]);
  });

  it("leaves the others as they are", () => {
    expect(chatOf({ ALERT_WEBHOOK: "hooks", METRICS_DATASET: "chats" })?.figures.dataset).toBe("chats");
  });

  it("is named beside a setting that the chat needs", () => {
    const broken = { ALERT_WEBHOOK: "hooks", COOKIE_SECRET: "short" };
    expect([chatOf(broken), Object.keys(problemsOf(broken))]).toEqual([null, ["COOKIE_SECRET", "ALERT_WEBHOOK"]]);
  });
});

describe("parseConfig(), SELF_OFF", () => {
  it("refuses to switch the page's own widget off, which the Worker cannot keep away", () => {
    const page = { WIDGET_SNIPPET: "page", WIDGET_ID: OTHER_WIDGET_ID };
    expect(problemsOf({ ...page, SELF_OFF: "1" })).toEqual({
      SELF_OFF: "expected 0 with WIDGET_SNIPPET=page, since your pages load that widget themselves, found 1",
    });
    expect(problemsOf({ ...page, SELF_OFF: "0" })).toEqual({});
  });

  it("refuses to switch off by outcomes that no browser tells", () => {
    expect(problemsOf({ SELF_OFF: "1", OUTCOMES: "0" })).toEqual({
      SELF_OFF: "expected 0, or OUTCOMES=1 as well, found 1",
    });
  });
});
