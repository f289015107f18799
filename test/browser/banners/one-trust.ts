import { callGlobal, readCookie, send, setCookie, showBanner } from "./stand-in.ts";

/**
 * Like OneTrust's otSDKStub.js with the consent model *opt-in*: the cookie is there before the visitor has chosen.
 *
 * Source: OneTrust, "OneTrust Cookies" and "Web CMP Events Guide"; the cookie's form also as sites have it.
 */
const GROUPS = ["C0001", "C0002", "C0003", "C0004"];
const FIRST = "C0001";

function read(): URLSearchParams {
  return new URLSearchParams(readCookie("OptanonConsent") ?? "");
}

function write(agreed: boolean, interactions: number): void {
  const fields = {
    isGpcEnabled: "0",
    datestamp: new Date().toString(),
    version: "202508.2.0",
    isIABGlobal: "false",
    hosts: "",
    consentId: crypto.randomUUID(),
    interactionCount: String(interactions),
    landingPath: interactions === 0 ? location.href : "NotLandingPage",
    groups: GROUPS.map((group) => `${group}:${agreed || group === FIRST ? 1 : 0}`).join(","),
  };
  setCookie("OptanonConsent", new URLSearchParams(fields).toString());
}

/** At each load and after each choice. */
function tell(): void {
  const active = GROUPS.filter((group) => read().get("groups")?.includes(`${group}:1`));
  Object.assign(window, { OnetrustActiveGroups: `,${active.join(",")},` });
  callGlobal("OptanonWrapper");
  send(window, "OneTrustGroupsUpdated", active);
}

if (readCookie("OptanonConsent") === null) write(false, 0);
tell();
showBanner((agreed) => {
  write(agreed, Number(read().get("interactionCount")) + 1);
  setCookie("OptanonAlertBoxClosed", new Date().toISOString());
  tell();
});
