import { type AssetUse } from "../site/asset-folders.ts";
import { buildFinding, type Finding } from "./catalogue.ts";

/**
 * What the Route costs beside the pages.
 *
 * @param pages How many pages were looked at.
 */
export function findAssetRequests({ filesPerView, folders }: AssetUse, host: string, pages: number): Finding[] {
  if (filesPerView < 1) return [];
  const view = `a first page view: 1 request for the page, ${filesPerView} for files (on average of the pages looked at: ${pages})`;
  const savings = folders.map(({ path, filesPerView: saved }) => `${host}${path}* without a Worker saves ${saved}`);
  const none = "no folder has only files: pages, CHAT_PATH or SIGN_OUT_PATHS may be in each";
  return [buildFinding("asset-requests", { details: [view, ...(savings.length === 0 ? [none] : savings)] })];
}
