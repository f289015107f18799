import { describe, expect, it } from "vitest";
import { buildChatSources } from "../../../src/core/policy/chat-sources.ts";
import { type Snippet } from "../../../src/core/widget/snippet.ts";

const CLIENT = "https://alias.my.connect.aws";
const snippet: Snippet = {
  widgetId: "b2f7c7a4-4d3b-4a57-9d0e-0a3c1d7f1e55",
  scriptUrl: `${CLIENT}/connectwidget/static/amazon-connect-chat-interface-client.js`,
  snippetId: "QVFJREFI",
  script: "",
  hasClientMetrics: true,
  namedOrigins: [CLIENT],
};
const REGION = "eu-central-1";

function build({ region = REGION, images = [] as readonly string[], ...changed }: Partial<Snippet> & Options) {
  return buildChatSources(
    { source: "snippet", id: snippet.widgetId, snippet: { ...snippet, ...changed } },
    region,
    images,
  );
}
interface Options {
  readonly region?: string;
  readonly images?: readonly string[];
}

describe("buildChatSources()", () => {
  it("connects to the client's host and to four of the region", () => {
    expect(build({}).connect).toEqual([
      CLIENT,
      "https://participant.connect.eu-central-1.amazonaws.com",
      "wss://*.transport.connect.eu-central-1.amazonaws.com",
      "https://*.s3.eu-central-1.amazonaws.com",
      "https://*.telemetry.connect.eu-central-1.amazonaws.com",
    ]);
  });

  it("sends no measurements where the snippet switches them off", () => {
    const { connect, worker } = build({ hasClientMetrics: false });
    expect(connect).toHaveLength(4);
    expect(connect.join()).not.toContain("telemetry");
    expect(worker).toEqual([]);
  });

  it("names the same hosts of each region where the region is not known, and never all of amazonaws.com", () => {
    const { connect } = build({ region: "" });
    expect(new Set(connect)).toEqual(new Set([...connect, ...build({}).connect]));
    expect(connect).toHaveLength(1 + 11 * 4);
    expect(connect.filter((source) => source.endsWith("//*.amazonaws.com"))).toEqual([]);
  });

  it("starts chats at any alias with the older client, whose address does not tell it", () => {
    const { connect, script } = build({
      scriptUrl: "https://d1.cloudfront.net/amazon-connect-chat-interface-client.js",
    });
    expect(connect[0]).toBe("https://*.my.connect.aws");
    expect(script).toContain("https://d1.cloudfront.net");
  });

  it("lets step-by-step guides load Amazon's view renderer, and no other script of an alias that it does not know", () => {
    const scriptUrl = "https://d1.cloudfront.net/amazon-connect-chat-interface-client.js";
    expect(build({ scriptUrl }).script).toEqual([
      "https://d1.cloudfront.net",
      "https://*.my.connect.aws/connectwidget/static/views/renderer/",
    ]);
    expect(build({}).script).toEqual([CLIENT]);
  });

  it("allows pictures from the client, from hosts that the snippet names, and from IMAGE_SOURCES", () => {
    expect(build({}).image).toEqual(["data:", CLIENT]);
    expect(
      build({ namedOrigins: [CLIENT, "https://logo.example"], images: ["https://*.agents.example"] }).image,
    ).toEqual(["data:", CLIENT, "https://logo.example", "https://*.agents.example"]);
  });

  it("adds nothing for a widget of the page's own", () => {
    const sources = buildChatSources({ source: "page", id: snippet.widgetId }, REGION, ["https:"]);
    expect(Object.values(sources).flat()).toEqual([false]);
  });
});
