import { type BrowserPartConfig } from "../core/widget/widget-script.ts";

// Around the bundle stands a function of `settings`.
declare const settings: BrowserPartConfig & {
  /** Whether the owner's snippet stands below in the same script; else the page carries it. */
  readonly hasSnippet: boolean;
};

/** What the Worker tells the browser part. */
export const config = settings;
