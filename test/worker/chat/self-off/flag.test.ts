import { beforeEach, describe, expect, it } from "vitest";
import { control, observe } from "../../instrumented.ts";
import { useInstrumented, useSite } from "../../use-workers.ts";
import { createVisitorClient } from "../../visitor-client.ts";
import { chat, forget } from "../../visitor-steps.ts";

const site = useSite();
const worker = useInstrumented(() => ({ ORIGIN_URL: site.origin, SELF_OFF: "1" }));
const ROUTES = ["widget.js", "token", "contacts", "outcomes", "visitor", "preview", "health", "self-off", "scheduled"];

beforeEach(() => control(worker, {}));

const storeCalls = async () => (await observe(worker)).calls.filter((call) => call.endsWith("self-off"));

describe("the flag that switches the chat off", () => {
  it("is asked for by widget.js alone, and by no page", async () => {
    await fetch(worker.origin, { headers: { "sec-fetch-dest": "document" } });
    const visitor = createVisitorClient(worker.origin);
    await chat(visitor, crypto.randomUUID());
    expect(await storeCalls()).toEqual([]);
    await fetch(`${worker.origin}/_chat/widget.js`);
    expect(await storeCalls()).toEqual(["get self-off"]);
  });

  it("is written by no route, whatever is sent", async () => {
    const bodies = [
      { outcomes: ["client-failed"], version: "1.0.0" },
      { ticket: "self-off", contactId: "self-off", event: "started", ageSeconds: 0 },
      { v: 1, offUntil: 2e9, trialUntil: 2e9, told: "off" },
      {},
    ];
    for (const route of ROUTES) {
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        for (const body of bodies) {
          await fetch(`${worker.origin}/_chat/${route}`, {
            method,
            headers: { "content-type": "application/json", "sec-fetch-site": "same-origin" },
            body: JSON.stringify(body),
          });
        }
      }
    }
    const visitor = createVisitorClient(worker.origin);
    await chat(visitor, "self-off");
    await forget(visitor);
    const { calls, stored } = await observe(worker);
    expect(calls).toContain("put contact");
    expect([calls.includes("put self-off"), stored["self-off"]]).toEqual([false, undefined]);
  });
});
