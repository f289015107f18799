import { config } from "../browser-config.ts";
import { sayConsent } from "./say-consent.ts";
import { isConsentGiven } from "../page/consent.ts";
import { ofDocument, ofWindow } from "../page/unclobbered.ts";

/** The call of the IAB's consent framework. Source: IAB Tech Lab, "Consent Management Platform API v2". */
type TcfApi = (command: "addEventListener", version: 2, callback: (data: TcfData | null) => void) => void;

interface TcfData {
  readonly eventStatus?: string;
  readonly gdprApplies?: boolean;
  readonly purpose?: { readonly consents?: Readonly<Record<number, boolean>> };
}

/** A command such as `consent`, `update` and signals; other scripts may add anything. */
type Command = readonly [unknown, unknown, { readonly functionality_storage?: unknown } | undefined] | null | undefined;

declare global {
  interface Window {
    __tcfapi?: TcfApi;
    dataLayer?: Command[];
  }
}

/** The last wait for a banner's script is the first power of two above this, in milliseconds: two minutes. */
const LONGEST_WAIT_MS = 100_000;

/** Passes on what the page says of the visitor's consent, now and after each change. */
export function followConsentOfPage(): void {
  const { consent } = config;
  if (consent === null || consent.source === "cookie") return;
  let waitMs = 1;
  const look = () => {
    const api = ofWindow("__tcfapi");
    const layer = ofWindow("dataLayer");
    if (consent.source === "page") followAttribute();
    else if (consent.source === "tcf" && api) followTcf(api, consent.purposes);
    else if (consent.source === "gcm" && layer) followConsentMode(layer);
    // A banner's script may come late.
    else if (waitMs < LONGEST_WAIT_MS) setTimeout(look, (waitMs *= 2));
  };
  // Never at once: an error of the banner's must not end our own script.
  setTimeout(look);
}

/** Only the root element counts: other visitors' text on a page may contain elements. */
function followAttribute(): void {
  const root = ofDocument("documentElement");
  let last: string | undefined;
  const look = () => {
    const { chatConsent } = root.dataset;
    const isGiven = chatConsent === "true";
    // Some banners tell a refusal before the visitor has chosen: without a yes before, it needs no cookie.
    if (chatConsent !== last && (isGiven || isConsentGiven())) sayConsent(isGiven);
    last = chatConsent;
  };
  new MutationObserver(look).observe(root, { attributes: true });
  look();
}

function followTcf(api: TcfApi, purposes: readonly number[]): void {
  api("addEventListener", 2, (data) => {
    // While the dialog is open, the answer before still counts.
    if (data?.eventStatus === "tcloaded" || data?.eventStatus === "useractioncomplete")
      sayConsent(data.gdprApplies === false || purposes.every((purpose) => data.purpose?.consents?.[purpose] === true));
  });
}

/** Source: Google's documentation of tags, "Set up consent mode on websites". */
function followConsentMode(layer: Command[]): void {
  const { push } = layer;
  const hear = (commands: readonly Command[]) => {
    let answer: unknown;
    for (const command of commands) {
      if (command?.[0] === "consent" && command[1] === "update") answer = command[2]?.functionality_storage ?? answer;
    }
    if (answer) sayConsent(answer === "granted");
  };
  layer.push = (...commands) => {
    hear(commands);
    return push.apply(layer, commands);
  };
  hear(layer);
}
