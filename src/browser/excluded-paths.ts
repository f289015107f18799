import { onDocument } from "./unclobbered.ts";
import { findWidget } from "./widget-element.ts";

interface PathPattern {
  test(input: { pathname: string }): boolean;
}

declare global {
  interface Window {
    URLPattern?: new (init: { pathname: string }) => PathPattern;
  }
}

/**
 * Hides the widget while a client-side navigation shows a page that the owner wants without it: no request of ours tells
 * the Worker about those.
 *
 * Browsers without URLPattern go on showing it.
 */
export function hideOnExcludedPaths(include: readonly string[], exclude: readonly string[]): void {
  const { URLPattern } = window;
  if (URLPattern === undefined || include.length + exclude.length === 0) return;
  const toPatterns = (pathnames: readonly string[]) => pathnames.map((pathname) => new URLPattern({ pathname }));
  const included = toPatterns(include);
  const excluded = toPatterns(exclude);
  let isHidden = false;
  const update = () => {
    const { pathname } = location;
    const matches = (pattern: PathPattern) => pattern.test({ pathname });
    const isShown = (included.length === 0 || included.some(matches)) && !excluded.some(matches);
    const widget = findWidget();
    // What the site itself has hidden is not ours to show.
    if (widget === null || isShown !== isHidden) return;
    widget.style.display = isShown ? "" : "none";
    isHidden = !isShown;
  };
  const navigation: EventTarget | undefined = window.navigation;
  navigation?.addEventListener("navigatesuccess", update);
  addEventListener("popstate", update);
  onDocument("turbo:load", update);
}
