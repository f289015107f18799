import { matchesRoute } from "../shared/route.ts";
import { type AssetUse, toLiteralStart } from "../site/asset-folders.ts";
import { buildFinding, type Finding } from "../findings/catalogue.ts";
import { type PageFacts } from "./page.ts";

/** Findings about the tags that the owner has written into pages to which no Route leads. */
export function findOwnTags(pages: readonly PageFacts[]): Finding[] {
  const missing = pages.filter(({ reason }) => reason === "own-tag-missing");
  const wrong = pages.filter(({ ownTag }) => ownTag !== null && ownTag.problems.length > 0);
  return [...findTags("own-tag-missing", missing), ...findTags("own-tag-wrong", wrong)];
}

function findTags(code: "own-tag-missing" | "own-tag-wrong", pages: readonly PageFacts[]): Finding[] {
  if (pages.length === 0) return [];
  const tags = pages.flatMap(({ ownTag }) => ownTag ?? []);
  const problems = tags.flatMap((tag) => tag.problems.map((problem) => `found: ${problem}`));
  const details = [...new Set(problems), ...new Set(tags.map(({ expected }) => `right: ${expected}`))];
  return [buildFinding(code, { pages: pages.map(({ path }) => path), details })];
}

/**
 * What the Route costs beside the pages.
 *
 * @param pages How many pages were looked at.
 */
export function findAssetRequests({ filesPerView, folders }: AssetUse, host: string, pages: number): Finding[] {
  if (filesPerView < 1) return [];
  const view = `a first view of a page: 1 request for the page, ${filesPerView} for files (average; pages: ${pages})`;
  const savings = folders.map(({ path, filesPerView: saved }) => `${host}${path}* without a Worker saves ${saved}`);
  const none = "no folder has only files: pages, CHAT_PATH or SIGN_OUT_PATHS may be in each";
  return [buildFinding("asset-requests", { details: [view, ...(savings.length === 0 ? [none] : savings)] })];
}

/**
 * Sign-out paths that the Worker does not see.
 *
 * @param signOutPaths As in `SIGN_OUT_PATHS`: path patterns, separated by spaces.
 * @param routes All Routes of the Worker.
 */
export function findUnseenSignOut(site: URL, signOutPaths: string, routes: readonly string[]): Finding[] {
  const isSeen = (path: string) => routes.some((route) => matchesRoute(route, new URL(path, site)));
  const unseen = (signOutPaths.match(/\S+/g) ?? []).filter((pattern) => !isSeen(toLiteralStart(pattern)));
  return unseen.length === 0 ? [] : [buildFinding("sign-out-unseen", { details: unseen })];
}
