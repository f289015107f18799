import { DEFAULT_CHAT_PATH } from "../../core/settings/schemas.ts";
import { listZoneRoutes, type ZoneRoute } from "../shared/cloudflare-api.ts";
import { isBesideRoutes, matchesRoute } from "../shared/route.ts";
import { readRoutes } from "../shared/wrangler-config.ts";
import { type AssetUse, measureAssets } from "../site/asset-folders.ts";
import { crawl, isPage, openPage } from "../site/crawl.ts";
import { readMarkup } from "../site/markup.ts";
import { readText } from "../site/request.ts";

const MAX_PAGES = 10;

/**
 * Looks at some pages of a site on Cloudflare for folders whose requests need no Worker.
 *
 * @param variables The variables of wrangler.toml.
 * @returns Only folders without such a Route; none where the login may not see the Routes, or the Worker has no Route to the
 *   pages.
 */
export async function findAssetFolders(site: URL, variables: Readonly<Record<string, string>>): Promise<AssetUse> {
  const reserved = {
    chatPath: variables["CHAT_PATH"] || DEFAULT_CHAT_PATH,
    signOutPaths: variables["SIGN_OUT_PATHS"] ?? "",
  };
  const routes = await listZoneRoutes(site.hostname);
  if (routes === null || isBesideRoutes(site, readRoutes(), reserved.chatPath)) return { filesPerView: 0, folders: [] };
  const { answers, pagePaths } = await crawl({
    first: await openPage(site),
    maxPages: MAX_PAGES,
    onPage: () => undefined,
  });
  const views = answers
    .filter(isPage)
    .map((page) => readMarkup(readText(page), page.url).assets.map(({ pathname }) => pathname));
  const { filesPerView, folders } = measureAssets(views, pagePaths, reserved);
  return { filesPerView, folders: folders.filter(({ path }) => !isDecided(toAssetRoute(site, path), routes)) };
}

/** A Route for a folder, such as `www.example.com/assets/*`. */
export function toAssetRoute({ hostname }: URL, folder: string): string {
  return `${hostname}${folder}*`;
}

/** Whether the zone has a Route with this pattern, for whatever Worker, or one without a Worker for all of its requests. */
function isDecided(pattern: string, routes: readonly ZoneRoute[]): boolean {
  const folder = new URL(`https://${pattern.slice(0, -1)}`);
  return routes.some((route) => route.pattern === pattern || (!route.script && matchesRoute(route.pattern, folder)));
}
