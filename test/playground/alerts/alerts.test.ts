import { beforeEach, describe, expect, it } from "vitest";
import { useServer } from "../../worker/use-workers.ts";
import { startAlerts } from "./alerts.ts";
import { type AlertService } from "./check-message.ts";

const alerts = useServer(startAlerts);
beforeEach(() => {
  alerts.behave("works");
  for (const list of [alerts.messages, alerts.refused, alerts.calls]) list.length = 0;
});

const card = {
  contentType: "application/vnd.microsoft.card.adaptive",
  content: { type: "AdaptiveCard", version: "1.4", body: [{ type: "TextBlock", text: "It fails", wrap: true }] },
};
const GOOD = {
  slack: { text: "It fails" },
  teams: { type: "message", attachments: [card] },
  pagerduty: {
    routing_key: "0123456789abcdef0123456789abcdef",
    event_action: "trigger",
    dedup_key: "client-failed",
    payload: { summary: "It fails", source: "www.example.com", severity: "error" },
  },
} as const;

const post = (service: AlertService, body: unknown, init: RequestInit = {}) =>
  fetch(alerts.addresses[service], {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
  });

describe("startAlerts()", () => {
  it.each([
    ["slack", 200, "It fails"],
    ["teams", 202, "It fails"],
    ["pagerduty", 202, "trigger client-failed It fails"],
  ] as const)("takes a message of %s, and keeps it", async (service, status, text) => {
    expect((await post(service, GOOD[service])).status).toBe(status);
    expect(alerts.messages).toEqual([{ service, text, body: JSON.stringify(GOOD[service]) }]);
  });

  it("takes PagerDuty's event that resolves an alert, without a payload", async () => {
    const { dedup_key, routing_key } = GOOD.pagerduty;
    expect((await post("pagerduty", { routing_key, dedup_key, event_action: "resolve" })).status).toBe(202);
    expect((await post("pagerduty", { routing_key, event_action: "resolve" })).status).toBe(400);
  });

  it("takes Teams' facts", async () => {
    const facts = { type: "FactSet", facts: [{ title: "now", value: "12" }] };
    const content = { ...card.content, body: [...card.content.body, facts] };
    await post("teams", { type: "message", attachments: [{ ...card, content }] });
    expect(alerts.messages.map(({ text }) => text)).toEqual(["It fails\nnow: 12"]);
  });

  it.each([
    ["slack", "not JSON", "invalid_payload"],
    ["slack", {}, "no_text"],
    ["slack", { text: " " }, "invalid_payload: text"],
    ["slack", { text: "a < b & c" }, "invalid_payload: &, < or > is not escaped"],
    ["slack", { text: "x".repeat(4001) }, "msg_too_long"],
    ["slack", { ...GOOD.slack, message: "x" }, "invalid_payload: message"],
    ["teams", GOOD.slack, "type"],
    ["teams", { type: "message", attachments: [] }, "attachments"],
    ["teams", { type: "message", attachments: [{ ...card, contentType: "text/plain" }] }, "attachments.0.contentType"],
    [
      "teams",
      { type: "message", attachments: [{ ...card, content: { ...card.content, version: "2.0" } }] },
      "attachments.0.content.version",
    ],
    [
      "teams",
      { type: "message", attachments: [{ ...card, content: { ...card.content, body: [{ type: "TextBlock" }] } }] },
      "attachments.0.content.body.0.text",
    ],
    ["teams", { ...GOOD.teams, attachments: Array.from({ length: 300 }, () => card) }, "more than 28672 bytes"],
    ["pagerduty", GOOD.slack, "event_action"],
    ["pagerduty", { ...GOOD.pagerduty, routing_key: "short" }, "routing_key"],
    ["pagerduty", { ...GOOD.pagerduty, event_action: "open" }, "event_action"],
    ["pagerduty", { ...GOOD.pagerduty, dedup_key: "x".repeat(256) }, "dedup_key"],
    ["pagerduty", { ...GOOD.pagerduty, payload: { summary: "It fails" } }, "payload.source"],
    ["pagerduty", { ...GOOD.pagerduty, payload: { ...GOOD.pagerduty.payload, severity: "bad" } }, "payload.severity"],
    [
      "pagerduty",
      { ...GOOD.pagerduty, payload: { ...GOOD.pagerduty.payload, summary: "x".repeat(1025) } },
      "payload.summary",
    ],
  ] as const)("refuses for %s what its documentation does not describe (%#)", async (service, body, reason) => {
    expect((await post(service, body)).status).toBe(400);
    expect([alerts.messages, alerts.refused]).toEqual([
      [],
      [
        {
          service,
          reason: expect.stringContaining(reason),
          body: typeof body === "string" ? body : JSON.stringify(body),
        },
      ],
    ]);
  });

  it("refuses a message that is not sent as JSON", async () => {
    expect((await post("slack", GOOD.slack, { headers: { "content-type": "text/plain" } })).status).toBe(400);
  });

  it("tells the service by the host that a call was meant for", async () => {
    const headers = { "content-type": "application/json", "x-addressed-host": "prod-7.westeurope.logic.azure.com" };
    expect((await post("slack", GOOD.teams, { headers })).status).toBe(202);
    expect(alerts.messages.map(({ service }) => service)).toEqual(["teams"]);
  });

  it("knows no other address", async () => {
    expect((await fetch(alerts.origin, { method: "POST" })).status).toBe(404);
  });

  it("answers 500, or never, and keeps no message", async () => {
    alerts.behave("down");
    expect((await post("slack", GOOD.slack)).status).toBe(500);
    alerts.behave("hangs");
    await expect(post("slack", GOOD.slack, { signal: AbortSignal.timeout(300) })).rejects.toThrow("timeout");
    expect([alerts.messages, alerts.calls.map(({ health }) => health)]).toEqual([[], ["down", "hangs"]]);
  });
});
