import { ofWindow, onDocument } from "./unclobbered.ts";

/**
 * Calls `listener` after each client-side navigation, and when the browser shows a page again that it kept.
 *
 * In browsers without the Navigation API it is not called after all of them.
 */
export function onNavigation(listener: () => void): void {
  const navigation: EventTarget | undefined = ofWindow("navigation");
  navigation?.addEventListener("navigatesuccess", listener);
  addEventListener("popstate", listener);
  addEventListener("pageshow", listener);
  onDocument("turbo:load", listener);
}
