import { type Log } from "../../adapters/log.ts";
import { type Origin } from "../../adapters/origin.ts";
import { type Config } from "../../config.ts";
import { buildChatSources } from "../../core/policy/chat-sources.ts";
import { isChosenPath, readPathname } from "../../core/settings/chosen-paths.ts";
import { createPages, type PageInjection } from "../page/page.ts";
import { type PreviewAccess } from "../preview/access.ts";
import { createPreviewSite } from "../preview/site.ts";
import { observeSite } from "./observed-site.ts";
import { createSite, type Site } from "./site.ts";

interface ModeOptions {
  /** `null` unless MODE is preview. */
  readonly preview: PreviewAccess | null;
  readonly now: () => number;
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly log: Log;
}

/** The site as `MODE` wants it. */
export function createSiteInMode(origin: Origin, config: Config, options: ModeOptions): Site {
  const { log, now, preview, waitUntil } = options;
  const off = createSite({ ...origin, pages: null, log });
  const pages = createPages(toInjection(config));
  const on = createSite({ ...origin, pages, log });
  switch (config.mode) {
    case "on":
      return on;
    case "off":
      return off;
    case "observe":
      return observeSite(off, { pages, log, waitUntil });
    case "preview":
      return preview === null ? off : createPreviewSite({ on, off, preview, now, log });
  }
}

function toInjection(config: Config): PageInjection {
  const { chatPath, widget, paths, connectRegion, imageSources } = config;
  return {
    chatPath,
    sources: buildChatSources(widget, connectRegion, imageSources),
    async: widget.source === "snippet",
    // Where all pages get the chat, the address is not parsed.
    isIncluded: (url) => paths.include.length + paths.exclude.length === 0 || isChosenPath(paths, readPathname(url)),
  };
}
