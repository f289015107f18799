import { type ChosenPaths, isChosenPath } from "../../core/settings/chosen-paths.ts";
import { ofWindow, onDocument } from "./unclobbered.ts";
import { findWidget } from "./widget-element.ts";

/**
 * Hides the widget while a client-side navigation shows a page that the owner wants without it: no request of ours tells
 * the Worker about those.
 */
export function hideOnExcludedPaths(paths: ChosenPaths): void {
  let isHidden = false;
  const update = () => {
    const isShown = isChosenPath(paths, location.pathname);
    const widget = findWidget();
    // What the site itself has hidden is not ours to show.
    if (widget === null || isShown !== isHidden) return;
    widget.style.display = isShown ? "" : "none";
    isHidden = !isShown;
  };
  const navigation: EventTarget | undefined = ofWindow("navigation");
  navigation?.addEventListener("navigatesuccess", update);
  addEventListener("popstate", update);
  onDocument("turbo:load", update);
}
