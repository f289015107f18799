import { describe, expect, it } from "vitest";
import { buildAlertRequest, isWebhook } from "../../../src/core/watch/alert-request.ts";

const begins = { trouble: "client-failed", isOver: false, summary: "It fails.", todo: "Look." } as const;
const over = { ...begins, isOver: true, summary: "Over after 2 hours.", todo: "" } as const;
const from = { widgetId: "w1", dataset: "chats" };
const KEY = "R0".repeat(16);

function requestFor(address: string, message: typeof begins | typeof over) {
  const { url, body } = buildAlertRequest(new URL(address), message, from);
  return { url, body: JSON.parse(body) };
}

describe("buildAlertRequest()", () => {
  it.each(["https://hooks.slack.com/services/T/B/x", "https://chat.example.com/hooks/a?b=c"])(
    "gives %s a text",
    (address) => {
      expect(requestFor(address, begins)).toEqual({
        url: address,
        body: { text: "Chat: It fails.\nWhat to do: Look.\nWidget w1, dataset chats." },
      });
      expect(requestFor(address, over).body).toEqual({ text: "Chat: Over after 2 hours.\nWidget w1, dataset chats." });
    },
  );

  it.each(["https://events.pagerduty.com", "https://events.eu.pagerduty.com"])(
    "begins and resolves one incident at %s, with the key in the body alone",
    (origin) => {
      const address = `${origin}/v2/enqueue?routing_key=${KEY}`;
      const incident = { routing_key: KEY, dedup_key: "persistent-chat-edge/w1/chats/client-failed" };
      expect(requestFor(address, begins)).toEqual({
        url: `${origin}/v2/enqueue`,
        body: {
          ...incident,
          event_action: "trigger",
          payload: {
            summary: "Chat: It fails.",
            source: "persistent-chat-edge/w1/chats",
            severity: "error",
            custom_details: { "what to do": "Look." },
          },
        },
      });
      expect(requestFor(address, over)).toEqual({
        url: `${origin}/v2/enqueue`,
        body: { ...incident, event_action: "resolve" },
      });
    },
  );

  it.each([
    "https://shop.webhook.office.com/webhookb2/a",
    "https://prod-1.westeurope.logic.azure.com:443/workflows/a?sig=b",
    "https://default1.2.environment.api.powerplatform.com:443/powerautomate/automations/a?sig=b",
  ])("gives Teams a card: %s", (address) => {
    const { url, body } = requestFor(address, begins);
    expect(url).toBe(new URL(address).href);
    expect(body).toMatchObject({
      type: "message",
      attachments: [
        {
          contentType: "application/vnd.microsoft.card.adaptive",
          content: {
            type: "AdaptiveCard",
            body: [
              { type: "TextBlock", text: "Chat: It fails.", wrap: true },
              { type: "TextBlock", text: "What to do: Look.", wrap: true },
              { type: "TextBlock", text: "Widget w1, dataset chats.", wrap: true },
            ],
          },
        },
      ],
    });
  });

  it("gives a host that only ends like one of Teams' or PagerDuty's a text", () => {
    for (const host of ["webhook.office.com.evil.example", "mylogic.azure.com", "events.pagerduty.com.example"]) {
      expect(requestFor(`https://${host}/a`, begins).body).toHaveProperty("text");
    }
  });
});

describe("isWebhook()", () => {
  it.each([
    "https://hooks.slack.com/services/T/B/x",
    "http://127.0.0.1:8080/",
    "http://localhost/a",
    `https://events.pagerduty.com/v2/enqueue?routing_key=${KEY}`,
  ])("takes %s", (address) => expect(isWebhook(address)).toBe(true));

  it.each([
    "http://hooks.slack.com/services/T/B/x",
    "http://127.0.0.1.example/",
    "ftp://127.0.0.1/",
    "https://anna:secret@hooks.slack.com/",
    "https://events.pagerduty.com/v2/enqueue",
    "https://events.eu.pagerduty.com/v2/enqueue?routing_key=short",
    "hooks.slack.com",
  ])("refuses %s", (address) => expect(isWebhook(address)).toBe(false));
});
