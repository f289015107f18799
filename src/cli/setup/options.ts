import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import * as v from "valibot";
import { findZone } from "../shared/cloudflare-api.ts";
import { FLAG, Misuse, printError, TEXT, type Values } from "../shared/command-line.ts";
import { toSiteUrl } from "../site/address.ts";
import { lookAtSite } from "../site/look.ts";
import {
  type Answers,
  checkConsent,
  checkContext,
  checkInstanceId,
  checkLinkBy,
  checkRegion,
  checkSecurityKey,
  checkSite,
  checkSnippet,
  checkWidgetId,
  describeMissingZone,
  linkBySchema,
  readKeptSnippet,
} from "./answers.ts";
import { findAssetFolders, toAssetRoute } from "./asset-routes.ts";
import { type Present } from "./plan.ts";

export const OPTIONS = {
  "dry-run": FLAG,
  yes: FLAG,
  site: TEXT,
  elsewhere: FLAG,
  "asset-routes": FLAG,
  snippet: TEXT,
  "page-widget": TEXT,
  region: TEXT,
  instance: TEXT,
  "link-by": TEXT,
  "consent-cookie": TEXT,
  context: TEXT,
} as const;

export type Options = Values<typeof OPTIONS>;

/**
 * The owner's answers from the command line, or the earlier ones.
 *
 * @throws {Misuse} With every problem at once.
 */
export async function readAnswers(options: Options, present: Present): Promise<Answers> {
  const { kept, secretNames, variables } = present;
  const read = (option: string | undefined, name: string) => option ?? variables[name] ?? "";
  const region = read(options.region, "CONNECT_REGION");
  const instanceId = read(options.instance, "CONNECT_INSTANCE_ID");
  const linkBy = read(options["link-by"], "LINK_BY");
  const consent = read(options["consent-cookie"], "CONSENT_COOKIE");
  const context = read(options.context, "CONTEXT");
  const pageWidget = options["page-widget"] ?? (options.snippet === undefined ? read(undefined, "WIDGET_ID") : "");
  const snippet = pageWidget === "" ? await readSnippet(options.snippet, kept) : "page";
  const givenKey = process.env["WIDGET_SECURITY_KEY"] || kept["WIDGET_SECURITY_KEY"] || "";
  const securityKey = givenKey === "" && secretNames.includes("WIDGET_SECURITY_KEY") ? null : givenKey;
  const site = options.site ?? present.site;
  const isElsewhere = options.elsewhere || (options.site === undefined && site === variables["ORIGIN_URL"]);
  const problems = [
    ["--site", checkSite(site)],
    ["--snippet", checkSnippet(snippet)],
    ["--page-widget", snippet === "page" ? checkWidgetId(pageWidget) : undefined],
    ["WIDGET_SECURITY_KEY", securityKey === null ? undefined : checkSecurityKey(securityKey)],
    ["--region", checkRegion(region)],
    ["--instance", checkInstanceId(instanceId)],
    ["--link-by", checkLinkBy(linkBy, { region, instanceId })],
    ["--consent-cookie", checkConsent(consent)],
    ["--context", checkContext(context)],
  ].filter(([, problem]) => problem !== undefined);
  const url = toSiteUrl(site);
  if (problems.length > 0 || url === null) {
    throw new Misuse(problems.map(([name, problem]) => `${name}: ${problem}`).join("\n"));
  }
  const widgetId = snippet === "page" ? pageWidget : "";
  const answers = {
    snippet,
    widgetId,
    securityKey,
    site: url,
    isOnCloudflare: !isElsewhere,
    assetRoutes: [],
    region,
    instanceId,
    linkBy: v.parse(linkBySchema, linkBy),
    consent,
    context,
  };
  await checkSiteItself(answers, present);
  if (!options["asset-routes"]) return answers;
  if (isElsewhere || !present.isLoggedIn) {
    throw new Misuse("--asset-routes: expected a site on your Cloudflare account, and a login (npx wrangler login)");
  }
  const { folders } = await findAssetFolders(url, variables);
  return { ...answers, assetRoutes: folders.map(({ path }) => toAssetRoute(url, path)) };
}

/** Reads the site's start page, and asks Cloudflare for the site's zone. */
async function checkSiteItself({ isOnCloudflare, site, snippet }: Answers, { isLoggedIn }: Present): Promise<void> {
  const look = await lookAtSite(site);
  if (look.kind === "problem") throw new Misuse(`--site: ${look.message}`);
  if (look.kind === "has-widget" && snippet !== "page") {
    printError(
      "Your pages already carry a widget: where it is, the snippet has no effect. To use that widget: --page-widget <id>",
    );
  }
  if (isOnCloudflare && isLoggedIn && (await findZone(site.hostname)) === "none") {
    throw new Misuse(`--site: ${describeMissingZone(site)} For workers.dev: --elsewhere`);
  }
}

async function readSnippet(path: string | undefined, kept: Present["kept"]): Promise<string> {
  if (path === undefined) return readKeptSnippet(kept);
  if (path === "-") return readAll(process.stdin);
  return readFile(path, "utf8").catch((error: Error) => {
    throw new Misuse(`--snippet: cannot read ${path}: ${error.message}`);
  });
}
