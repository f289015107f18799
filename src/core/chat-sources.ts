import { type ChatSources } from "./content-security-policy.ts";
import { type Widget } from "./widget.ts";

/**
 * What the chat loads from where, for the policies of pages.
 *
 * @param region AWS region of the Connect instance; empty where it is not configured, which widens what is allowed.
 * Source: hosts seen in use; AWS publishes no list.
 */
export function buildChatSources(widget: Widget, region: string): ChatSources {
  // The site has allowed its own widget already: what it lacks is our script and our routes.
  if (widget.source === "page") return { script: [], connect: [], image: [], font: [], worker: [], hasStyles: false };
  const { scriptUrl, hasClientMetrics } = widget.snippet;
  const { origin, protocol } = new URL(scriptUrl);
  // A client on this machine is the playground's, and brings all it needs from one host.
  const isAmazon = protocol === "https:";
  return {
    script: [origin],
    connect: isAmazon ? [...apiHosts(origin), ...serviceHosts(region)] : [origin],
    image: ["data:", "https:"],
    font: ["data:"],
    worker: hasClientMetrics ? ["blob:"] : [],
    hasStyles: true,
  };
}

/** The older client comes from a CDN, and starts chats at an alias that its address does not tell. */
function apiHosts(origin: string): readonly string[] {
  return origin.endsWith(".cloudfront.net") ? ["https://*.my.connect.aws"] : [origin];
}

function serviceHosts(region: string): readonly string[] {
  if (region === "") return ["https://*.amazonaws.com", "wss://*.amazonaws.com"];
  return [
    `https://participant.connect.${region}.amazonaws.com`,
    `wss://*.transport.connect.${region}.amazonaws.com`,
    `https://*.s3.${region}.amazonaws.com`,
    `https://*.telemetry.connect.${region}.amazonaws.com`,
  ];
}
