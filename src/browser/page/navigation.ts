import { ofWindow, onDocument } from "./unclobbered.ts";

/** Calls `listener` after each client-side navigation; in browsers without the Navigation API, not after all of them. */
export function onNavigation(listener: () => void): void {
  const navigation: EventTarget | undefined = ofWindow("navigation");
  navigation?.addEventListener("navigatesuccess", listener);
  addEventListener("popstate", listener);
  onDocument("turbo:load", listener);
}
