import { ofWindow, onDocument } from "./unclobbered.ts";

/**
 * Calls `listener` after each client-side navigation.
 *
 * In browsers without the Navigation API it is not called after all of them.
 */
export function onNavigation(listener: () => void): void {
  const navigation: EventTarget | undefined = ofWindow("navigation");
  navigation?.addEventListener("navigatesuccess", listener);
  addEventListener("popstate", listener);
  onDocument("turbo:load", listener);
}
