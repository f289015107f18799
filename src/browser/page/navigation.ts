import { ofWindow, onDocument } from "./unclobbered.ts";

/** Calls `listener` after each client-side navigation; in browsers without the Navigation API, not after all of them. */
export function onNavigation(listener: () => void): void {
  // A page's script may have a variable of that name.
  const navigation: Partial<EventTarget> | undefined = ofWindow("navigation");
  navigation?.addEventListener?.("navigatesuccess", listener);
  addEventListener("popstate", listener);
  onDocument("turbo:load", listener);
}
