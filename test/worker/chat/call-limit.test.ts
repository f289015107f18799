import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { accessSettings } from "../../playground/playground.ts";
import { control, observe } from "../instrumented.ts";
import { useInstrumented } from "../use-workers.ts";
import { createVisitorClient, type VisitorClient } from "../visitor-client.ts";

/** The limit in wrangler.toml: the figures in OPERATING.md are computed from it. */
const CALLS_PER_MINUTE = 30;

const worker = useInstrumented(accessSettings, { callsPerMinute: CALLS_PER_MINUTE });
let address: string;

beforeEach(async () => {
  await control(worker, {});
  address = randomAddress();
});

const randomAddress = () => `2001:db8:${randomGroup()}:${randomGroup()}::${randomGroup()}`;
const randomGroup = () => Math.floor(Math.random() * 65_536).toString(16);
const from = (client: string) => ({ "cf-connecting-ip": client });

/** Workerd counts per clock minute: work during which a minute begins is repeated. */
async function withinOneMinute<T>(work: () => Promise<T>): Promise<T> {
  const minute = () => Math.floor(Date.now() / 60_000);
  for (;;) {
    const begun = minute();
    const result = await work();
    if (minute() === begun) return result;
  }
}

function post(path: string, client: string, visitor = createVisitorClient(worker.origin), body: object = {}) {
  return visitor.post(path, body, from(client));
}

async function statuses(count: number, call: (index: number) => Promise<Response>): Promise<number[]> {
  const answers: number[] = [];
  for (let index = 0; index < count; index++) answers.push((await call(index)).status);
  return answers;
}

interface Chatter {
  readonly visitor: VisitorClient;
  readonly ticket: string;
}

/** Visitors with one ticket and one address each. */
async function collectTickets(count: number): Promise<Chatter[]> {
  const chatters: Chatter[] = [];
  for (let index = 0; index < count; index++) {
    const visitor = createVisitorClient(worker.origin);
    const { ticket } = await (await post("/_chat/token", randomAddress(), visitor)).json();
    chatters.push({ visitor, ticket });
  }
  return chatters;
}

describe("the limit of chat calls", () => {
  it("is the one in wrangler.toml", () => {
    const toml = readFileSync(join(import.meta.dirname, "../../../wrangler.toml"), "utf8");
    expect(toml).toContain(`simple = { limit = ${CALLS_PER_MINUTE}, period = 60 }`);
  });

  it("lets an address have 30 tokens a minute, and says when to come back", async () => {
    const last = await withinOneMinute(async () => {
      address = randomAddress();
      const answers = await statuses(CALLS_PER_MINUTE, () => post("/_chat/token", address));
      expect(answers).toEqual(Array.from({ length: CALLS_PER_MINUTE }, () => 200));
      return post("/_chat/token", address);
    });
    expect(last.status).toBe(429);
    expect(last.headers.get("retry-after")).toBe("60");
    expect(await last.json()).toEqual({ error: "TOO_MANY_CALLS" });
  });

  it("counts a /64 as one address, and the next /64 as another", async () => {
    const [tooMany, neighbour] = await withinOneMinute(async () => {
      const network = `2001:db8:${randomGroup()}`;
      await statuses(CALLS_PER_MINUTE, (index) => post("/_chat/token", `${network}:1::${(index + 1).toString(16)}`));
      return [await post("/_chat/token", `${network}:1:ffff::9`), await post("/_chat/token", `${network}:2::1`)];
    });
    expect([tooMany.status, neighbour.status]).toEqual([429, 200]);
  });

  it("counts an IPv4 address once, however it is written, and its neighbour as another", async () => {
    const byte = Math.floor(Math.random() * 256);
    const hex = byte.toString(16).padStart(2, "0");
    const spellings = [
      `192.0.2.${byte}`,
      `::ffff:192.0.2.${byte}`,
      `::ffff:c000:02${hex}`,
      `0:0:0:0:0:FFFF:C000:02${hex.toUpperCase()}`,
    ];
    const spell = (index: number) => spellings[index % spellings.length] ?? "";
    const [tooMany, neighbour] = await withinOneMinute(async () => {
      await statuses(CALLS_PER_MINUTE, (index) => post("/_chat/token", spell(index)));
      const last = await statuses(spellings.length, (index) => post("/_chat/token", spell(index)));
      return [last, await post("/_chat/token", `::ffff:192.0.3.${byte}`)];
    });
    expect(tooMany).toEqual(spellings.map(() => 429));
    expect(neighbour.status).toBe(200);
  });

  it("counts each route separately, so that reports go on", async () => {
    const status = await withinOneMinute(async () => {
      const [chatter] = await collectTickets(1);
      address = randomAddress();
      await statuses(CALLS_PER_MINUTE, () => post("/_chat/token", address));
      const report = { event: "started", ageSeconds: 0, contactId: crypto.randomUUID(), ticket: chatter?.ticket };
      return (await post("/_chat/contacts", address, chatter?.visitor, report)).status;
    });
    expect([200, 201]).toContain(status);
  });

  it("does not count pages, the widget's script and health", async () => {
    const health = () => fetch(`${worker.origin}/_chat/health`, { headers: from(address) });
    const script = () => fetch(`${worker.origin}/_chat/widget.js`, { headers: from(address) });
    expect(new Set(await statuses(CALLS_PER_MINUTE + 5, health))).toEqual(new Set([200]));
    expect(new Set(await statuses(CALLS_PER_MINUTE + 5, script))).toEqual(new Set([200]));
  });

  it("lets an address cause 30 tokens, 30 calls of Amazon and 120 writes a minute at most", async () => {
    const calls = await withinOneMinute(async () => {
      const chatters = await collectTickets(CALLS_PER_MINUTE + 10);
      address = randomAddress();
      await control(worker, {});
      for (const { visitor, ticket } of chatters) {
        const report = { event: "started", ageSeconds: 0, contactId: crypto.randomUUID(), ticket };
        await post("/_chat/contacts", address, visitor, report);
      }
      for (const { visitor } of chatters) await post("/_chat/token", address, visitor);
      for (const { visitor } of chatters) {
        const headers = { cookie: visitor.cookie, "sec-fetch-site": "same-origin", ...from(address) };
        await fetch(`${worker.origin}/_chat/visitor`, { method: "DELETE", headers });
      }
      return (await observe(worker)).calls;
    });
    const count = (kind: string) => calls.filter((call) => call.startsWith(kind)).length;
    expect(count("put")).toBe(4 * CALLS_PER_MINUTE);
    // A report reads two records, visitor and owner. A token and a forget read one, the visitor.
    expect(count("get")).toBe(4 * CALLS_PER_MINUTE);
    expect(count("describe")).toBeLessThanOrEqual(CALLS_PER_MINUTE);
  });
});

describe("what costs nothing", () => {
  const free: readonly [string, (visitor: VisitorClient, ticket: string) => Promise<Response>][] = [
    ["a token for a cookie that does not open", (visitor) => visitor.post("/_chat/token", {})],
    ["a report without a cookie that opens", (visitor, ticket) => visitor.report({ ticket, contactId: "contact" })],
    [
      "forgetting someone whom no cookie names",
      ({ cookie }) =>
        fetch(`${worker.origin}/_chat/visitor`, {
          method: "DELETE",
          headers: { cookie, "sec-fetch-site": "same-origin" },
        }),
    ],
  ];
  it.each(free)("%s asks neither KV nor Amazon", async (_name, call) => {
    const visitor = createVisitorClient(worker.origin);
    const { ticket } = await visitor.token();
    visitor.cookie = `${visitor.cookie.slice(0, -3)}AAA`;
    await control(worker, {});
    await call(visitor, ticket);
    expect((await observe(worker)).calls).toEqual([]);
  });
});
