import { type ChosenPaths, isChosenPath } from "../../core/settings/chosen-paths.ts";
import { ofWindow, onDocument } from "./unclobbered.ts";
import { findWidget } from "./widget-element.ts";

/**
 * Hides the widget while a client-side navigation shows a page that the owner wants without the widget: the Worker sees no
 * request for that page.
 */
export function hideOnExcludedPaths(paths: ChosenPaths): void {
  let isHidden = false;
  const update = () => {
    const isShown = isChosenPath(paths, location.pathname);
    const widget = findWidget();
    // A widget that the site itself has hidden stays hidden.
    if (widget === null || isShown !== isHidden) return;
    widget.style.display = isShown ? "" : "none";
    isHidden = !isShown;
  };
  const navigation: EventTarget | undefined = ofWindow("navigation");
  navigation?.addEventListener("navigatesuccess", update);
  addEventListener("popstate", update);
  onDocument("turbo:load", update);
}
