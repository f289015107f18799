import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { askAmazon } from "../../../src/cli/shared/try-actions.ts";
import { callStart } from "../../../src/cli/site/start-call.ts";
import { findInAmazon } from "../../../src/cli/findings/find-in-amazon.ts";
import { findInStartCall } from "../../../src/cli/findings/find-in-start-call.ts";
import { listNeededActions } from "../../../src/cli/shared/needed-actions.ts";
import { parseSnippet } from "../../../src/core/widget/snippet.ts";
import { access, type Playground, startPlayground, widgetId } from "../../playground/playground.ts";

let playground: Playground;
beforeAll(async () => {
  playground = await startPlayground({ port: 0, transcriptDelaySeconds: 1 });
});
afterAll(() => playground.close());

describe("callStart() without a token", () => {
  afterEach(() => {
    playground.connect.switches.nullToken = "fails";
  });
  const start = async (origin: string, changes = {}) => {
    const snippet = { ...parseSnippet(playground.connect.snippet), ...changes };
    const answer = await callStart(snippet, { origin, displayName: "Doctor" });
    return findInStartCall(answer?.status ?? null, "It waits for an agent.").map(({ code }) => code);
  };

  it("finds nothing where security is enforced", async () => {
    expect(await start(playground.worker.origin)).toEqual([]);
  });

  it("finds security-not-enforced", async () => {
    playground.connect.switches.nullToken = "starts-without";
    expect(await start(playground.worker.origin)).toEqual(["security-not-enforced"]);
  });

  it("finds not-on-allow-list", async () => {
    expect(await start("https://forgotten.example")).toEqual(["not-on-allow-list"]);
  });

  it("finds widget-unknown", async () => {
    expect(await start(playground.worker.origin, { widgetId: "gone" })).toEqual(["widget-unknown"]);
  });

  it("finds start-call-unclear where an older client does not say where chats start", async () => {
    const scriptUrl = "https://d1.cloudfront.net/amazon-connect-chat-interface-client.js";
    expect(await start(playground.worker.origin, { scriptUrl })).toEqual(["start-call-unclear"]);
  });
});

describe("askAmazon()", () => {
  afterEach(() => {
    playground.connect.service = "works";
  });
  /** Passes the signed address on in a header. */
  const toStandIn = async ({ body, headers, method, signal, url }: Request) => {
    const { host, pathname, search } = new URL(url);
    const forwarded = new Headers(headers);
    forwarded.set("x-addressed-host", host);
    const init = { method, headers: forwarded, body, signal, duplex: "half" } as const;
    return fetch(playground.connect.origin + pathname + search, init);
  };
  const needed = listNeededActions({ linkBy: "worker", endAbandoned: true });
  const askFor = async (changes = {}) => {
    const tried = await askAmazon({ ...access, ...changes }, needed, toStandIn);
    return findInAmazon(tried, "worker").map(({ code }) => code);
  };

  it("finds nothing where the key may take each action", async () => {
    expect(await askFor()).toEqual([]);
  });

  it.each([
    ["the key is wrong", { secretAccessKey: "another" }],
    ["the instance is another", { instanceId: widgetId }],
  ])("finds aws-refused where %s", async (_what, changes) => {
    expect(await askFor(changes)).toContain("aws-refused");
  });

  it("finds aws-refused where the policy is missing", async () => {
    playground.connect.service = "denies";
    expect(await askFor()).toContain("aws-refused");
  });

  it("finds aws-unreachable", async () => {
    playground.connect.service = "down";
    expect(await askFor()).toContain("aws-unreachable");
  });
});
