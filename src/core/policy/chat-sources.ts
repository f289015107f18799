import { type Widget } from "../widget/widget.ts";

/** The widget's sources, by directive, beside our own routes. */
export interface ChatSources {
  readonly script: readonly string[];
  readonly connect: readonly string[];
  readonly image: readonly string[];
  readonly font: readonly string[];
  readonly worker: readonly string[];
  /** Whether the widget brings inline styles. */
  readonly hasStyles: boolean;
}

/**
 * The hosts from which the chat loads, for the policies of pages.
 *
 * An injected style or script could send data to each source, so the list is as short as possible.
 *
 * @param region AWS region of the Connect instance; empty where it is not configured: all regions are allowed then.
 * @param imageSources More sources of pictures in the chat.
 * Source: hosts seen in use; AWS publishes no list.
 */
export function buildChatSources(widget: Widget, region: string, imageSources: readonly string[]): ChatSources {
  // The site's policy allows its own widget already; only our script and our routes are missing.
  if (widget.source === "page") return { script: [], connect: [], image: [], font: [], worker: [], hasStyles: false };
  const { scriptUrl, hasClientMetrics, namedOrigins } = widget.snippet;
  const { origin, protocol } = new URL(scriptUrl);
  // A client on this machine belongs to the playground, and loads everything from one host.
  const isAmazon = protocol === "https:";
  // The older client comes from a CDN: its address does not tell the instance's alias.
  const isOlder = origin.endsWith(".cloudfront.net");
  const api = isOlder ? ANY_ALIAS : origin;
  return {
    script: isOlder ? [origin, VIEW_RENDERER] : [origin],
    connect: isAmazon ? [api, ...toServiceHosts(region, hasClientMetrics)] : [origin],
    // No host of S3: anybody can have a bucket there.
    image: [...new Set(["data:", origin, ...namedOrigins, ...imageSources])],
    font: ["data:"],
    worker: hasClientMetrics ? ["blob:"] : [],
    hasStyles: true,
  };
}

const ANY_ALIAS = "https://*.my.connect.aws";

/**
 * Amazon's script for step-by-step guides, which the client adds without a nonce. A folder, so that no other script of
 * these hosts may run.
 *
 * Source: amazon-connect-chat-interface, constructGuidesRendererUrl.
 */
const VIEW_RENDERER = `${ANY_ALIAS}/connectwidget/static/views/renderer/`;

/** Where Amazon Connect runs. Source: AWS General Reference, "Amazon Connect endpoints and quotas". */
export const CONNECT_REGIONS: readonly string[] = [
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
  // Not *.amazonaws.com, where anybody can have an address.
  if (region === "") return CONNECT_REGIONS.flatMap((known) => toServiceHosts(known, hasClientMetrics));
  return [
    `https://participant.connect.${region}.amazonaws.com`,
    `wss://*.transport.connect.${region}.amazonaws.com`,
    `https://*.s3.${region}.amazonaws.com`,
    ...(hasClientMetrics ? [`https://*.telemetry.connect.${region}.amazonaws.com`] : []),
  ];
}
