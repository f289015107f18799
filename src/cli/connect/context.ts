import { isCancel, select } from "@clack/prompts";
import { Misuse } from "../shared/command-line.ts";
import { toPrintableLine } from "../shared/printable.ts";
import { readOwnSettings, type Settings } from "../shared/own-settings.ts";
import { readRouteHost } from "../shared/wrangler-config.ts";
import { parseSite } from "../site/address.ts";
import { findInstance, type Instance, readArnRegion } from "./aws/find-instance.ts";
import { type Aws, openAws } from "./aws/open-aws.ts";

/** The options of `npm run connect`. */
export interface Options {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly instance?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly env?: string | undefined;
  readonly json: boolean;
  readonly flow?: string | undefined;
  readonly queue?: string | undefined;
  readonly name?: string | undefined;
  readonly into?: string | undefined;
  readonly remove: boolean;
  readonly "without-agent": boolean;
  readonly yes: boolean;
}

/** What each command of `npm run connect` works with. */
export interface ConnectContext {
  readonly aws: Aws;
  readonly instance: Instance;
  /** What the owner has set: variables and secrets on this machine. */
  readonly settings: Settings;
  /** Address of the live site; `null`: not known. */
  readonly site: URL | null;
  /** Origin of a stand-in for AWS; `null`: AWS. */
  readonly endpoint: string | null;
  readonly options: Options;
}

/**
 * Opens AWS with the owner's login, and finds the instance.
 *
 * @param positionals The address of the site, or nothing: then that of the Worker's Route.
 */
export async function openContext(options: Options, positionals: readonly string[]): Promise<ConnectContext> {
  const endpoint = readEndpoint(options.endpoint);
  const settings = readOwnSettings(options.env);
  const site = positionals.length > 0 ? parseSite(positionals) : toSite(readRouteHost(options.env));
  const instanceName = options.instance ?? settings["CONNECT_INSTANCE_ID"] ?? null;
  const arnRegion = readArnRegion(instanceName ?? "");
  const region = options.region ?? arnRegion ?? settings["CONNECT_REGION"] ?? null;
  if (arnRegion !== null && region !== arnRegion) {
    throw new Misuse(`--region: expected ${arnRegion}, the region of the instance's ARN, found ${region}.`);
  }
  const aws = await openAws({
    profile: options.profile ?? null,
    region,
    endpoint,
    workerKeyId: settings["AWS_ACCESS_KEY_ID"] ?? null,
  });
  try {
    const choose = options.json ? refuseToChoose : askWhichInstance;
    return { aws, instance: await findInstance(aws, instanceName, choose), settings, site, endpoint, options };
  } catch (error) {
    aws.close();
    throw error;
  }
}

function toSite(host: string | null): URL | null {
  return host === null ? null : new URL(`https://${host}/`);
}

function readEndpoint(text: string | undefined): string | null {
  if (text === undefined) return null;
  const url = URL.parse(text);
  const isOrigin = url !== null && /^https?:$/.test(url.protocol) && url.pathname === "/" && url.search === "";
  if (!isOrigin) throw new Misuse(`--endpoint: expected an address such as http://localhost:8789, found "${text}".`);
  return url.origin;
}

async function refuseToChoose(instances: readonly Instance[]): Promise<Instance> {
  throw new Misuse(`--instance: expected one of ${instances.map(toLabel).join(", ")}.`);
}

function toLabel({ alias, id }: Instance): string {
  return toPrintableLine(alias ?? id);
}

async function askWhichInstance(instances: readonly Instance[]): Promise<Instance> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return refuseToChoose(instances);
  const chosen = await select<Instance>({
    message: "Which Connect instance?",
    options: instances.map((instance) => ({ value: instance, label: toLabel(instance) })),
  });
  if (isCancel(chosen)) throw new Misuse("Cancelled: nothing was done.");
  return chosen;
}
