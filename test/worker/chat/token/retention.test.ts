import { beforeEach, describe, expect, it } from "vitest";
import { control, observe } from "../../instrumented.ts";
import { useInstrumented, useWorker } from "../../use-workers.ts";
import { createVisitorClient, type VisitorClient } from "../../visitor-client.ts";
import { chat, NOTHING, offered } from "../../visitor-steps.ts";

const DAY = 86_400;

const worker = useInstrumented({ RETENTION_DAYS: "30" });
let visitor: VisitorClient;
const at = (days: number) => control(worker, { clockOffsetSeconds: days * DAY });

beforeEach(async () => {
  await at(0);
  visitor = createVisitorClient(worker.origin);
});

describe("POST /_chat/token, with RETENTION_DAYS", () => {
  it("offers nothing that is older, though cookie and record are still there", async () => {
    await chat(visitor, "contact-30");
    await at(20);
    // Rolled: its life begins anew.
    await visitor.token();
    await at(29.9);
    expect(await offered(visitor)).toMatchObject({ contactId: "contact-30" });
    await at(30.1);
    expect(await offered(visitor)).toMatchObject(NOTHING);
  });

  it("falls back on nothing that is older", async () => {
    await chat(visitor, "contact-old");
    await at(20);
    await chat(visitor, "contact-new");
    await at(30.1);
    const attributes = await offered(visitor);
    expect(attributes).toMatchObject({ contactId: "contact-new", contactIdFallback: "none" });
  });

  it("keeps the visitor when no session of theirs is left", async () => {
    await chat(visitor, "contact-gone");
    await at(20);
    const before = (await offered(visitor))["persistentChatVisitor"];
    await at(40);
    expect((await offered(visitor))["persistentChatVisitor"]).toBe(before);
  });

  it("lets the cookie live as long, and opens none that is older", async () => {
    const response = await visitor.post("/_chat/token", {});
    expect(response.headers.get("set-cookie")).toContain("; Max-Age=2592000;");
    await chat(visitor, "contact-c30");
    await at(30.1);
    await visitor.token();
    expect((await observe(worker)).calls).toEqual([]);
  });

  it("lets the record live as long", async () => {
    await chat(visitor, "contact-r30");
    const key = (await offered(visitor))["persistentChatVisitor"];
    const { stored } = await observe(worker);
    const life = (stored[`visitor:${key}`]?.expiration ?? 0) - Date.now() / 1000;
    expect(Math.round(life / DAY)).toBe(30);
  });

  it("takes the end of no session that is older", async () => {
    const { ticket } = await visitor.token();
    await visitor.report({ ticket, contactId: "contact-e30" });
    await at(20);
    await visitor.token();
    await at(30.1);
    const response = await visitor.report({ ticket, contactId: "contact-e30", event: "ended" });
    expect(response.status).toBe(403);
    expect((await observe(worker)).calls).not.toContain("put visitor");
  });
});

describe("POST /_chat/token, with RETENTION_DAYS longer than browsers keep a cookie", () => {
  const long = useWorker({ RETENTION_DAYS: "730" });

  it("gives the cookie the longest life that browsers allow", async () => {
    const response = await createVisitorClient(long.origin).post("/_chat/token", {});
    expect(response.headers.get("set-cookie")).toContain("; Max-Age=34560000;");
  });
});
