import { sayConsent } from "./say-consent.ts";
import { consent, isConsentGiven } from "../page/consent.ts";
import { ofDocument, ofWindow } from "../page/unclobbered.ts";

/** The call of the IAB's consent framework. Source: IAB Tech Lab, "Consent Management Platform API v2". */
type TcfApi = (
  command: "addEventListener",
  version: 2,
  callback: (data: TcfData | null, isSuccess?: boolean) => void,
) => void;

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
  let waitMs = 1;
  const look = () => {
    try {
      if (consent?.source === "page") followAttribute();
      if (consent?.source === "tcf") followTcf(consent.purposes);
      if (consent?.source === "gcm") followConsentMode();
    } catch {
      // A banner's script may come late, and something else may be in its place before.
      if (waitMs < LONGEST_WAIT_MS) setTimeout(look, (waitMs *= 2));
    }
  };
  // Not at once: the banner's work must not delay the page.
  setTimeout(look);
}

/** Only the root element counts: other visitors' text on a page may contain elements. */
function followAttribute(): void {
  const root = ofDocument("documentElement");
  let last: string | undefined;
  const look = () => {
    // No attribute says nothing: client-side routers give the root element the attributes of the next page.
    const said = root.dataset["chatConsent"] ?? last;
    const isGiven = said === "true";
    // Some banners tell a refusal before the visitor has chosen: without a yes before, it needs no cookie.
    if (said !== last && (isGiven || isConsentGiven())) sayConsent(isGiven);
    last = said;
  };
  new MutationObserver(look).observe(root, { attributes: true });
  look();
}

/** @throws Where the page has no dialog yet; whatever the dialog throws. */
function followTcf(purposes: readonly number[]): void {
  const api: TcfApi = Object(ofWindow("__tcfapi"));
  api("addEventListener", 2, (data, isSuccess) => {
    // While the dialog is open, the answer before still counts.
    if (isSuccess !== false && (data?.eventStatus === "tcloaded" || data?.eventStatus === "useractioncomplete"))
      sayConsent(data.gdprApplies === false || purposes.every((purpose) => data.purpose?.consents?.[purpose] === true));
  });
}

/** @throws Where the page has no `dataLayer` yet, or something else under this name. */
function followConsentMode(): void {
  const layer: Command[] = Object(ofWindow("dataLayer"));
  hear(layer);
  const { push } = layer;
  // Not by an assignment, which throws where the page has frozen it.
  Reflect.set(layer, "push", (...commands: Command[]) => {
    hear(commands);
    return push.apply(layer, commands);
  });
}

/** Source: Google's documentation of tags, "Set up consent mode on websites". */
function hear(commands: readonly Command[]): void {
  let answer: unknown;
  for (const command of commands) {
    if (command?.[0] === "consent" && command[1] === "update") answer = command[2]?.functionality_storage ?? answer;
  }
  if (answer) sayConsent(answer === "granted");
}
