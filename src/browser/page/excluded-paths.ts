import { type ChosenPaths, isChosenPath } from "../../core/settings/chosen-paths.ts";
import { onNavigation } from "./navigation.ts";
import { findWidget } from "./widget-element.ts";

/** How often a page without its widget looks for it, in milliseconds. */
const LOOK_MS = 500;

/**
 * Hides the widget while a client-side navigation shows a page that the owner wants without the widget: the Worker sees no
 * request for that page.
 */
export function hideOnExcludedPaths(paths: ChosenPaths): void {
  let isHidden = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const update = () => {
    const isShown = isChosenPath(paths, location.pathname);
    const widget = findWidget();
    clearTimeout(timer);
    // A widget that the site itself has hidden stays hidden.
    if (isShown !== isHidden) return;
    if (widget !== null) {
      widget.style.display = isShown ? "" : "none";
      isHidden = !isShown;
    } else if (!isShown) {
      // The client may still be on its way.
      timer = setTimeout(update, LOOK_MS);
    }
  };
  onNavigation(update);
}
