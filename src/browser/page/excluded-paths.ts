import { isChosenPath } from "../../core/settings/chosen-paths.ts";
import { config } from "../browser-config.ts";
import { onNavigation } from "./navigation.ts";
import { findWidget } from "./widget-element.ts";

/** How often a page without its widget looks for it, in milliseconds. */
const LOOK_MS = 500;

/** Whether the owner wants the widget on the page that is shown. */
export function isChosenPage(): boolean {
  return isChosenPath(config.paths, location.pathname);
}

/**
 * Hides the widget while a client-side navigation shows a page that the owner wants without the widget: the Worker sees no
 * request for that page.
 */
export function hideOnExcludedPaths(): void {
  let isHidden = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const update = () => {
    const isShown = isChosenPage();
    const widget = findWidget();
    clearTimeout(timer);
    // A widget that the site itself has hidden stays hidden.
    if (isShown !== isHidden) return;
    if (widget) {
      widget.style.display = isShown ? "" : "none";
      isHidden = !isShown;
    } else if (!isShown) {
      // The client may still be on its way.
      timer = setTimeout(update, LOOK_MS);
    }
  };
  onNavigation(update);
}
