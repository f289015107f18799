import { escapeAttribute } from "./html-text.ts";

/** The parts of the tag that differ. */
export interface ScriptTagOptions {
  /** Prefix of our routes: an absolute path, so that a page's `<base>` does not change its host. */
  readonly chatPath: string;
  /** `false` where our script has to run before the page's own widget snippet. */
  readonly async: boolean;
  /** The nonce of the page's own policy; `null` where it has none. */
  readonly nonce: string | null;
}

/**
 * The one element put into a page: the same bytes on every page, so that pages stay cacheable.
 *
 * @returns ASCII, since a page may be in any charset.
 */
export function renderScriptTag({ chatPath, async, nonce }: ScriptTagOptions): string {
  const source = escapeAttribute(`${chatPath}/widget.js`);
  // Cloudflare's Rocket Loader respects data-cfasync only before src.
  return [
    '<script data-cfasync="false"',
    async ? " async" : "",
    nonce === null ? "" : ` nonce="${escapeAttribute(nonce)}"`,
    ` src="${source}"></script>`,
  ].join("");
}
