import { type BrowserPartConfig } from "../core/widget/widget-script.ts";

// The build wraps the bundle in a function of `settings`.
declare const settings: BrowserPartConfig & {
  /** Whether this script contains the owner's snippet; if not, the page does. */
  readonly hasSnippet: boolean;
};

/** What the Worker tells the browser part. */
export const config = settings;
