import { config } from "../browser-config.ts";
import { ofDocument } from "./unclobbered.ts";

const ATTRIBUTE = "data-chat-consent";

/** Tells what the page says of the visitor's consent, now and after each change. */
export function followConsentOfPage(say: (isGiven: boolean) => void): void {
  if (config.consent?.source === "page") followAttribute(say);
}

/** Only the root element counts: other visitors' text on a page may contain elements. */
function followAttribute(say: (isGiven: boolean) => void): void {
  const root = ofDocument("documentElement");
  let last: string | null = null;
  const look = () => {
    const value = root.getAttribute(ATTRIBUTE);
    if (value !== last) say(value === "true");
    last = value;
  };
  new MutationObserver(look).observe(root, { attributeFilter: [ATTRIBUTE] });
  look();
}
