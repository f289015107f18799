import { beforeEach, describe, expect, it } from "vitest";
import { control, observe } from "../../instrumented.ts";
import { useInstrumented } from "../../use-workers.ts";
import { createVisitorClient, type VisitorClient } from "../../visitor-client.ts";
import { chat } from "../../visitor-steps.ts";

const worker = useInstrumented({ SELF_OFF: "1" });
type Changes = Parameters<typeof control>[1];
let visitor: VisitorClient;
let now: number;

beforeEach(async () => {
  await control(worker, {});
  visitor = createVisitorClient(worker.origin);
  now = Math.floor(Date.now() / 1000);
});

/** The flag in KV, with times from now on. */
const flagOf = (off: number, trial: number, changes: object = {}) =>
  JSON.stringify({ v: 1, offUntil: now + off, trialUntil: now + trial, told: "off", ...changes });
const OFF: readonly [number, number] = [600, 4200];
const TRIAL: readonly [number, number] = [-600, 3000];

const withFlag = (text: string, changes: Changes = {}) => control(worker, { ...changes, store: { "self-off": text } });

interface ScriptAnswer {
  readonly status: number;
  readonly isWhole: boolean;
  readonly cacheControl: string | null;
  readonly etag: string | null;
}

async function loadScript(headers: Record<string, string> = {}): Promise<ScriptAnswer> {
  const { cookie } = visitor;
  const answer = await fetch(`${worker.origin}/_chat/widget.js`, {
    headers: { ...(cookie && { cookie }), ...headers },
  });
  const text = await answer.text();
  return {
    status: answer.status,
    isWhole: text.includes("amazon_connect('snippetId'"),
    cacheControl: answer.headers.get("cache-control"),
    etag: answer.headers.get("etag"),
  };
}
const WHOLE = {
  status: 200,
  isWhole: true,
  cacheControl: "public, max-age=300",
  etag: expect.stringMatching(/^".+"$/),
};
const emptyFor = (seconds: number) => ({
  status: 200,
  isWhole: false,
  cacheControl: `private, max-age=${seconds}`,
  etag: null,
});

/** Times in seconds may have gone on by one or two. */
function expectKeptFor({ cacheControl }: ScriptAnswer, seconds: number): void {
  const [, kept] = /^private, max-age=(\d+)$/.exec(cacheControl ?? "") ?? [];
  expect(Number(kept)).toBeGreaterThan(0);
  expect(seconds - Number(kept)).toBeGreaterThanOrEqual(0);
  expect(seconds - Number(kept)).toBeLessThan(15);
}

describe("GET /_chat/widget.js with SELF_OFF=1", () => {
  it("is the whole script without a flag", async () => {
    await control(worker, { store: { "self-off": "" } });
    expect(await loadScript()).toEqual(WHOLE);
  });

  it("is empty while the chat is off, for this visitor alone", async () => {
    await withFlag(flagOf(...OFF));
    expect(await loadScript()).toEqual(emptyFor(300));
  });

  it("is empty for a browser that has kept the script", async () => {
    await control(worker, { store: { "self-off": "" } });
    const { etag } = await loadScript();
    await withFlag(flagOf(...OFF));
    expect(await loadScript({ "if-none-match": etag ?? "" })).toEqual(emptyFor(300));
  });

  it("is kept no longer than the chat is off", async () => {
    await withFlag(flagOf(100, 3700));
    const answer = await loadScript();
    expect(answer.isWhole).toBe(false);
    expectKeptFor(answer, 100);
  });

  it.each([
    [0.099, true],
    [0.1, false],
  ])("is for a visitor with the random number %d in the trial: the whole script %s", async (random, isWhole) => {
    await withFlag(flagOf(...TRIAL), { random });
    expect(await loadScript()).toMatchObject({ isWhole, cacheControl: "private, max-age=300", etag: null });
  });

  it("is kept no longer than the trial goes on", async () => {
    await withFlag(flagOf(-3500, 100), { random: 0 });
    const answer = await loadScript();
    expect(answer.isWhole).toBe(true);
    expectKeptFor(answer, 100);
  });

  it("draws no lot while the chat is off", async () => {
    await withFlag(flagOf(...OFF), { random: 0 });
    expect(await loadScript()).toMatchObject({ isWhole: false });
  });

  it("is the whole script after the trial", async () => {
    await withFlag(flagOf(-4000, -1));
    expect(await loadScript()).toEqual(WHOLE);
  });
});

describe("GET /_chat/widget.js while the chat has switched itself off", () => {
  const contactId = () => crypto.randomUUID();
  const inTrial = () => withFlag(flagOf(...TRIAL), { random: 0.5 });

  it.each(["off", "trial"])("is the whole script for a visitor with a live chat: %s", async (phase) => {
    await chat(visitor, contactId());
    await (phase === "off" ? withFlag(flagOf(...OFF)) : inTrial());
    expect(await loadScript()).toEqual({
      status: 200,
      isWhole: true,
      cacheControl: "private, max-age=300",
      etag: null,
    });
  });

  it("is empty for a visitor whose chat is over", async () => {
    const id = contactId();
    const ticket = await chat(visitor, id);
    await visitor.report({ ticket, contactId: id, event: "ended" });
    await withFlag(flagOf(...OFF));
    expect(await loadScript()).toEqual(emptyFor(300));
  });

  it("is empty for a visitor whose chat began longer ago than any chat lasts", async () => {
    await control(worker, { clockOffsetSeconds: -61 * 60 });
    await chat(visitor, contactId());
    await withFlag(flagOf(...OFF), { settings: { CHAT_DURATION_MINUTES: "60" } });
    expect(await loadScript()).toEqual(emptyFor(300));
    await withFlag(flagOf(...OFF), { settings: { CHAT_DURATION_MINUTES: "63" } });
    expect(await loadScript()).toMatchObject({ isWhole: true });
  });

  it("is empty for a visitor who has only asked for a token, and for a cookie of somebody's own making", async () => {
    await visitor.token();
    await withFlag(flagOf(...OFF));
    expect(await loadScript()).toEqual(emptyFor(300));
    visitor.cookie = `${visitor.cookie.slice(0, -4)}AAAA`;
    expect(await loadScript()).toEqual(emptyFor(300));
  });
});

describe("GET /_chat/widget.js with a flag that says nothing", () => {
  it.each<[string, () => string]>([
    ["no JSON", () => "{"],
    ["a list", () => "[]"],
    ["a newer version", () => flagOf(...OFF, { v: 2 })],
    ["an end beyond what is ever written", () => flagOf(3600, 7200)],
    ["a trial beyond what is ever written", () => flagOf(600, 86_400)],
  ])("is the whole script: %s", async (_name, text) => {
    await withFlag(text());
    expect(await loadScript()).toEqual(WHOLE);
  });

  it("is the whole script where KV fails", async () => {
    await withFlag(flagOf(...OFF), { kv: "fails" });
    expect(await loadScript()).toEqual(WHOLE);
    await expect.poll(() => worker.logs.at(-1)).toMatchObject({ level: "warn", event: "self-off.unknown" });
  });

  it("is the whole script where KV does not answer, long before a chat call would give up", async () => {
    await withFlag(flagOf(...OFF), { kv: "hangs" });
    expect(await loadScript()).toEqual(WHOLE);
    await expect.poll(() => worker.logs.at(-1)).toMatchObject({ message: "not within 400 ms" });
  });
});

describe("GET /_chat/widget.js where the chat does not switch itself off", () => {
  it.each([{ SELF_OFF: "0" }, { MODE: "preview", PREVIEW_SECRET: "k".repeat(43) }, { MODE: "off" }])(
    "asks KV nothing: %j",
    async (settings) => {
      await withFlag(flagOf(...OFF), { settings });
      await loadScript();
      expect((await observe(worker)).calls).toEqual([]);
    },
  );

  it("is the whole script, whatever the flag says", async () => {
    await withFlag(flagOf(...OFF), { settings: { SELF_OFF: "0" } });
    expect(await loadScript()).toEqual(WHOLE);
  });

  it("has not one byte more or less than with SELF_OFF=1", async () => {
    await control(worker, { store: { "self-off": "" } });
    const { etag } = await loadScript();
    await control(worker, { settings: { SELF_OFF: "0" } });
    expect((await loadScript()).etag).toBe(etag);
  });
});
