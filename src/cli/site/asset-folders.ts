/** What page views ask for beside the page. */
export interface AssetUse {
  /** Files of the page's own host, on average of the pages. */
  readonly filesPerView: number;
  /** Folders that hold such files and no page; the one with the most files first. */
  readonly folders: readonly AssetFolder[];
}

export interface AssetFolder {
  /** Such as `/assets/`. */
  readonly path: string;
  readonly filesPerView: number;
}

/** Paths that must reach the Worker. */
export interface ReservedPaths {
  readonly chatPath: string;
  /** As in `SIGN_OUT_PATHS`: path patterns, separated by spaces. */
  readonly signOutPaths: string;
}

/** Folders for fewer files are not worth a Route. */
const LEAST_FILES = 1;
const MOST_FOLDERS = 5;

/**
 * Finds the folders whose requests need no Worker.
 *
 * @param views Of each page the paths of its files, all of the page's own host; a query may follow.
 * @param pagePaths Where pages are, also pages that were not looked at.
 */
export function measureAssets(
  views: readonly (readonly string[])[],
  pagePaths: Iterable<string>,
  reserved: ReservedPaths,
): AssetUse {
  const paths = views.flat().map((path) => path.replace(/\?.*/s, ""));
  // Cloudflare itself answers below /cdn-cgi/.
  const counted = paths.filter((path) => !path.startsWith(`${reserved.chatPath}/`) && !path.startsWith("/cdn-cgi/"));
  const isFree = createFreeCheck([...pagePaths], reserved);
  const byFolder = Map.groupBy(counted, (path) => listFolders(path).find(isFree) ?? null);
  const toRate = (files: readonly string[]) => Math.round((files.length / Math.max(1, views.length)) * 10) / 10;
  const folders = [...byFolder].flatMap(([folder, files]) =>
    folder === null ? [] : { path: narrow(folder, files), filesPerView: toRate(files) },
  );
  return {
    filesPerView: toRate(counted),
    folders: folders
      .filter(({ filesPerView }) => filesPerView >= LEAST_FILES)
      .toSorted((a, b) => b.filesPerView - a.filesPerView)
      .slice(0, MOST_FOLDERS),
  };
}

/** The folders around a file, the outermost first and without the root: `/a/` and `/a/b/` for `/a/b/c.js`. */
function listFolders(path: string): string[] {
  const names = path.split("/").slice(1, -1);
  return names.map((_name, index) => `/${names.slice(0, index + 1).join("/")}/`);
}

function createFreeCheck(pagePaths: readonly string[], { chatPath, signOutPaths }: ReservedPaths) {
  const known = new Map<string, boolean>();
  const starts = (signOutPaths.match(/\S+/g) ?? []).map(toLiteralStart);
  const decide = (folder: string) =>
    // In a Route, a * has a meaning.
    !folder.includes("*") &&
    !pagePaths.some((path) => `${path}/`.startsWith(folder)) &&
    ![`${chatPath}/`, ...starts].some((start) => start.startsWith(folder) || folder.startsWith(start));
  return (folder: string) => {
    const isFree = known.get(folder) ?? decide(folder);
    known.set(folder, isFree);
    return isFree;
  };
}

/** The beginning that all paths share for which a path pattern is. */
export function toLiteralStart(pattern: string): string {
  return pattern.replace(/[*:({\\?+].*/s, "");
}

/** The longest folder that all files share, but without a name that may be a version: a Route for it would soon miss. */
function narrow(folder: string, files: readonly string[]): string {
  const shared = listFolders(files[0] ?? "").filter((inner) => files.every((file) => file.startsWith(inner)));
  return shared.findLast((inner) => inner.startsWith(folder) && !/\d/.test(inner.slice(folder.length))) ?? folder;
}
