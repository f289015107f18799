import { createServer, type RequestListener } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Aws, openAws } from "../../../../src/cli/connect/aws/open-aws.ts";
import { lookAtFlows } from "../../../../src/cli/connect/check/look-at-flows.ts";
import { lookAtWidget } from "../../../../src/cli/connect/check/look-at-widget.ts";
import { buildSnippet } from "../../../playground/connect/snippet.ts";
import { delivered, tokens } from "./flow/flows.ts";
import { instance } from "./instance.ts";

/** Answers that the stand-in never gives. */
let answer: RequestListener;
const server = createServer((request, response) => answer(request, response));
let aws: Aws;
let endpoint: string;

beforeEach(async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDOWNER");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  endpoint = `http://127.0.0.1:${address.port}`;
  aws = await openAws({ endpoint, profile: null, region: "eu-central-1", workerKeyId: null });
});
afterEach(async () => {
  aws.close();
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe("lookAtFlows()", () => {
  const look = async (contents: Readonly<Record<string, string | null>>) => {
    const lines: string[] = [];
    answer = ({ url = "" }, response) => {
      const id = decodeURIComponent(new URL(url, endpoint).pathname).split("/").at(-1) ?? "";
      const content = contents[id];
      if (url.startsWith("/contact-flows-summary/")) {
        const list = Object.keys(contents).map((Id) => ({ Id, Name: `Flow\n${Id}`, ContactFlowType: "CONTACT_FLOW" }));
        response.end(JSON.stringify({ ContactFlowSummaryList: list }));
      } else if (typeof content === "string") {
        response.end(JSON.stringify({ ContactFlow: { Id: id, Status: "PUBLISHED", Content: content } }));
      } else {
        const type = content === null ? "InvalidRequestException" : "ResourceNotFoundException";
        response.writeHead(content === null ? 400 : 404, { "x-amzn-errortype": type }).end("{}");
      }
    };
    const options = { tokens, linkBy: "flow", wanted: null, onProgress: (line: string) => lines.push(line) } as const;
    const { facts, findings } = await lookAtFlows({ aws, instance }, options);
    return { facts, codes: findings.map(({ code }) => code), lines };
  };

  it("takes a published flow without a draft as it is", async () => {
    const { codes, facts } = await look({ main: JSON.stringify(delivered) });
    expect([facts.length, codes]).toEqual([1, []]);
  });

  it("does not take a flow that AWS does not give for one that links, and keeps a name on its line", async () => {
    const plain = JSON.stringify({ StartAction: "End", Actions: delivered.Actions.slice(-1) });
    const { codes, lines } = await look({ broken: null, plain });
    expect(codes).toEqual(["flow-unreadable", "flow-unseen"]);
    expect(lines).toEqual([
      String.raw`Flow 1 of 2: Flow\u000abroken`,
      String.raw`Flow 2 of 2: Flow\u000aplain`,
      String.raw`Flow 1 of 1, as saved: Flow\u000aplain`,
    ]);
  });

  it("says that no flow was seen where the login may not list them", async () => {
    answer = (_request, response) =>
      void response.writeHead(403, { "x-amzn-errortype": "AccessDeniedException" }).end("{}");
    const options = { tokens, wanted: null, onProgress: () => {} };
    const list = async (linkBy: "flow" | "worker") =>
      (await lookAtFlows({ aws, instance }, { ...options, linkBy })).findings.map(({ code }) => code);
    expect(await list("flow")).toEqual(["not-looked-at", "flow-unseen"]);
    expect(await list("worker")).toEqual(["not-looked-at"]);
  });
});

describe("lookAtWidget()", () => {
  it("says that a chat may have been started where the answer without a token is lost", async () => {
    answer = (request, response) => {
      if (request.headers["x-amz-security-token"] === undefined) request.socket.destroy();
      else response.writeHead(401).end("{}");
    };
    const where = { endpoint, site: new URL("https://shop.example") };
    const WIDGET_SNIPPET = buildSnippet(
      "https://shop.my.connect.aws/connectwidget/static/amazon-connect-chat-interface-client.js",
      "11111111-0000-4000-8000-000000000000",
      "c25pcHBldA==",
    );
    const { findings } = await lookAtWidget(aws, where, { WIDGET_SNIPPET }, 1_800_000_000);
    expect(findings.flatMap(({ details }) => details)).toContain(
      'a chat named "persistent-chat-edge check" may have been started: an agent can close it',
    );
  });
});
