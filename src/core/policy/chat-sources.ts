import { type ChatSources } from "./content-security-policy.ts";
import { type Widget } from "../widget/widget.ts";

/**
 * What the chat loads from where, for the policies of pages.
 *
 * Each source is a way out for who can put a style or a script into a page, so there are no more than it takes.
 *
 * @param region AWS region of the Connect instance; empty where it is not configured: all regions are allowed then.
 * @param imageSources From where else the chat may show pictures.
 * Source: hosts seen in use; AWS publishes no list.
 */
export function buildChatSources(widget: Widget, region: string, imageSources: readonly string[]): ChatSources {
  // The site has allowed its own widget already: what it lacks is our script and our routes.
  if (widget.source === "page") return { script: [], connect: [], image: [], font: [], worker: [], hasStyles: false };
  const { scriptUrl, hasClientMetrics, namedOrigins } = widget.snippet;
  const { origin, protocol } = new URL(scriptUrl);
  // A client on this machine is the playground's, and brings all it needs from one host.
  const isAmazon = protocol === "https:";
  return {
    script: [origin],
    connect: isAmazon ? [...apiHosts(origin), ...toServiceHosts(region, hasClientMetrics)] : [origin],
    // No host of S3: anybody may have a bucket there.
    image: [...new Set(["data:", origin, ...namedOrigins, ...imageSources])],
    font: ["data:"],
    worker: hasClientMetrics ? ["blob:"] : [],
    hasStyles: true,
  };
}

/** The older client comes from a CDN, and starts chats at an alias that its address does not tell. */
function apiHosts(origin: string): readonly string[] {
  return origin.endsWith(".cloudfront.net") ? ["https://*.my.connect.aws"] : [origin];
}

/** Where Amazon Connect runs. Source: AWS General Reference, "Amazon Connect endpoints and quotas". */
const REGIONS = [
  "us-east-1",
  "us-west-2",
  "af-south-1",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-southeast-1",
  "ap-southeast-2",
  "ca-central-1",
  "eu-central-1",
  "eu-west-2",
  "us-gov-west-1",
];

function toServiceHosts(region: string, hasClientMetrics: boolean): readonly string[] {
  // Not *.amazonaws.com, where anybody may have an address.
  if (region === "") return REGIONS.flatMap((known) => toServiceHosts(known, hasClientMetrics));
  return [
    `https://participant.connect.${region}.amazonaws.com`,
    `wss://*.transport.connect.${region}.amazonaws.com`,
    `https://*.s3.${region}.amazonaws.com`,
    ...(hasClientMetrics ? [`https://*.telemetry.connect.${region}.amazonaws.com`] : []),
  ];
}
