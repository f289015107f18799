import { beforeEach, describe, expect, it, vi } from "vitest";
import { CONTEXT_HEADER } from "../../../../src/core/chat/context/said-context.ts";
import { MAX_TOKEN_CHARS } from "../../../../src/limits.ts";
import { control } from "../../instrumented.ts";
import { useInstrumented } from "../../use-workers.ts";
import { claimsOf, createVisitorClient, type TokenAnswer, type VisitorClient } from "../../visitor-client.ts";
import { NOTHING, offered, ownerClaims, signOwnerToken } from "../../visitor-steps.ts";

const ALL = "page title trail referrer language country device error";
const worker = useInstrumented({ CONTEXT: ALL, CONSENT_COOKIE: "agreed=^1$", EXCLUDE_PATHS: "/reset/*" });
const silent = useInstrumented();
const NOW = 1_800_000_000_000;
const SAID = {
  page: "/tea/green?token=1",
  title: "Green tea",
  trail: `${NOW} /tea/green ${NOW} /cart ${NOW - 125_000}`,
  referrer: "https://search.example/?q=tea",
  error: "x is not a function\nhttps://shop.example/app.js?v=1",
};
const ASKED = {
  "accept-language": "de-CH,de;q=0.9",
  "user-agent": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36",
};
const FROM_REQUEST = { chatLanguage: "de-CH", chatCountry: "CH", chatDevice: "phone" };
const FROM_PAGE = {
  chatPage: "/tea/green",
  chatPageTitle: "Green tea",
  chatTrail: "/tea/green 0m, /cart 2m",
  chatReferrer: "https://search.example/",
  chatLastError: "x is not a function (/app.js)",
};
const UNSAID = { chatPageTitle: "none", chatTrail: "none", chatReferrer: "none", chatLastError: "none" };

let visitor: VisitorClient;

beforeEach(async () => {
  for (const each of [worker, silent]) await control(each, { country: "CH" });
  visitor = createVisitorClient(worker.origin);
  visitor.cookie = "agreed=1";
});

const encode = (said: Readonly<Record<string, string>>) => String(new URLSearchParams(said));

interface Asked {
  readonly client?: VisitorClient;
  readonly said?: string;
  readonly headers?: Record<string, string>;
  readonly body?: object;
}

async function ask({ client = visitor, said, headers = {}, body = {} }: Asked): Promise<TokenAnswer> {
  const response = await client.post("/_chat/token", body, {
    ...ASKED,
    ...(said !== undefined && { [CONTEXT_HEADER]: said }),
    ...headers,
  });
  expect(response.status).toBe(200);
  const answer: TokenAnswer = await response.json();
  return answer;
}

const told = async (asked: Asked) => claimsOf((await ask(asked)).token).attributes;

describe("POST /_chat/token with CONTEXT", () => {
  it("tells what the page says and what the request tells", async () => {
    const attributes = await told({ said: encode(SAID) });
    expect(attributes).toMatchObject({ ...NOTHING, ...FROM_REQUEST, ...FROM_PAGE });
    expect(Object.keys(attributes)).toHaveLength(13);
  });

  it("has none where the page says nothing, and the page by the Referer", async () => {
    const headers = { referer: `${worker.origin}/help?x=1` };
    expect(await told({ headers })).toMatchObject({ ...FROM_REQUEST, ...UNSAID, chatPage: "/help" });
    expect(await told({})).toMatchObject({ chatPage: "none" });
    expect(await told({ headers: { referer: "https://other.example/help" } })).toMatchObject({ chatPage: "none" });
  });

  it("takes from a visitor without consent only what the request tells", async () => {
    visitor.cookie = "agreed=0";
    const headers = { referer: `${worker.origin}/help?x=1` };
    const attributes = await told({ said: encode(SAID), headers });
    expect(attributes).toMatchObject({ ...FROM_REQUEST, ...UNSAID, chatPage: "/help", persistentChatVisitor: "none" });
  });

  it("knows no country where Cloudflare names none", async () => {
    await control(worker, {});
    expect(await told({})).toMatchObject({ chatCountry: "none" });
  });

  it.each([
    ["no form", "%ff%00=%%%&&&"],
    ["other names", encode({ contactId: "c1", chatContinue: "now", persistentChatVisitor: "x", chatPage: "/x" })],
    ["too much", encode({ ...SAID, more: "x".repeat(20_000) })],
  ])("starts the chat all the same where the header has %s", async (_what, said) => {
    const attributes = await told({ said });
    expect(attributes).toMatchObject({ ...NOTHING, ...UNSAID, chatPage: "none" });
    expect(Object.keys(attributes)).toHaveLength(13);
  });

  it("replaces attributes of the site's own token, as all of ours do", async () => {
    const attributes = { chatPage: "/forged", chatDevice: "car", plan: "gold" };
    const body = { token: signOwnerToken(ownerClaims({ attributes })) };
    expect(await told({ said: encode(SAID), body })).toMatchObject({ ...FROM_PAGE, chatDevice: "phone", plan: "gold" });
  });

  const wide = "緑".repeat(250);
  it.each([
    [600, ["error"], { ...FROM_REQUEST, ...FROM_PAGE, chatPageTitle: wide, chatLastError: "none" }],
    [
      1250,
      ["title", "trail", "referrer", "language", "country", "device", "error"],
      { ...UNSAID, chatPage: "/tea/green", chatLanguage: "none", chatCountry: "none", chatDevice: "none" },
    ],
  ])(
    "leaves values out from the end of CONTEXT beside a site's attribute of %d characters, and logs their kinds once",
    async (length, kinds, expected) => {
      const note = "x".repeat(length);
      const lines = () => worker.logs.filter(({ event }) => event === "context.left-out");
      const before = lines().length;
      const said = encode({ ...SAID, title: wide, error: `${wide}\n` });
      const { token } = await ask({ said, body: { token: signOwnerToken(ownerClaims({ attributes: { note } })) } });
      expect(token.length).toBeLessThanOrEqual(MAX_TOKEN_CHARS);
      const { attributes } = claimsOf(token);
      expect(attributes).toMatchObject({ ...expected, note });
      expect(Object.keys(attributes)).toHaveLength(14);
      await vi.waitUntil(() => lines().length > before);
      expect(lines().slice(before)).toEqual([{ level: "info", event: "context.left-out", kinds: kinds.join(" ") }]);
    },
  );

  it("has no attribute of CONTEXT beside a site's token that is too long for their names, and logs all kinds", async () => {
    const body = { token: signOwnerToken(ownerClaims({ attributes: { note: "x".repeat(1800) } })) };
    const plain = await told({ client: createVisitorClient(silent.origin), body });
    expect(Object.keys(plain)).toHaveLength(6);
    const lines = () => worker.logs.filter(({ event }) => event === "context.left-out");
    const before = lines().length;
    expect(Object.keys(await told({ said: encode(SAID), body })).toSorted()).toEqual(Object.keys(plain).toSorted());
    await vi.waitUntil(() => lines().length > before);
    expect(lines().slice(before)).toEqual([{ level: "info", event: "context.left-out", kinds: ALL }]);
  });

  it("names no page of this site as the referrer that is to have no chat", async () => {
    for (const [host, referrer] of [
      [worker.origin, "none"],
      ["https://other.example", "https://other.example/reset/secret"],
    ] as const) {
      visitor.cookie = "agreed=1";
      const said = encode({ referrer: `${host}/reset/secret?x=1` });
      expect(await told({ said })).toMatchObject({ chatReferrer: referrer });
    }
  });

  it("writes no value to the log", async () => {
    await ask({ said: encode({ ...SAID, title: "SECRET-TITLE", error: "SECRET-ERROR\n" }) });
    await vi.waitUntil(() => worker.logs.some(({ event }) => event === "token.issued"));
    expect(JSON.stringify(worker.logs)).not.toMatch(/SECRET|tea\/green|search\.example/);
  });
});

describe("POST /_chat/token without CONTEXT", () => {
  it("has the attributes of before, whatever the page says", async () => {
    const client = createVisitorClient(silent.origin);
    expect(Object.keys(await told({ client, said: encode(SAID) }))).toEqual(Object.keys(await offered(client)));
    expect(Object.keys(await offered(client))).toHaveLength(5);
  });

  it("says nothing of it to the page", async () => {
    const settingsOf = async (origin: string) =>
      /\)\(\{"path".*?\}\)/.exec(await (await fetch(`${origin}/_chat/widget.js`)).text())?.[0] ?? "";
    expect(await settingsOf(silent.origin)).not.toContain('"context"');
    expect(await settingsOf(worker.origin)).toContain('"context":["page","title","trail","referrer","error"]');
  });
});
