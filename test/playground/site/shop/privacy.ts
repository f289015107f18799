import { renderShopPage } from "./layout.ts";

/**
 * The shop's consent: the page's script sets and removes its cookie, and says the visitor's answer in each other way that
 * CONSENT_COOKIE knows.
 */
const SCRIPT = `
const listeners = [];
const answer = (agreed) => ({ eventStatus: "useractioncomplete", gdprApplies: true, purpose: { consents: { 1: agreed } } });
window.__tcfapi = (command, version, callback) => { if (command === "addEventListener") listeners.push(callback); };
window.dataLayer = window.dataLayer || [];
function gtag() { dataLayer.push(arguments); }
const tellChat = (agreed) => {
  document.documentElement.dataset.chatConsent = agreed;
  gtag("consent", "update", { functionality_storage: agreed ? "granted" : "denied" });
  for (const listener of listeners) listener(answer(agreed), true);
};
const say = (text) => { document.querySelector("[data-role=status]").textContent = text; };
const showConsent = () => {
  const agreed = /(?:^|; )shop_consent=yes(?:;|$)/.test(document.cookie);
  document.querySelector("[data-role=consent]").textContent = agreed ? "You have agreed." : "You have not agreed.";
};
const setConsent = (cookie) => { document.cookie = "shop_consent=" + cookie + "; Path=/; SameSite=Lax"; showConsent(); };
const onClick = (id, action) => document.getElementById(id).addEventListener("click", action);
onClick("agree", () => { setConsent("yes; Max-Age=31536000"); tellChat(true); });
onClick("disagree", () => { setConsent("; Max-Age=0"); tellChat(false); });
onClick("start-fresh", () => {
  if (!window.persistentChat) return say("There is no chat on this page.");
  window.persistentChat.startFresh();
  say("The next chat that you open on this page starts without history.");
});
onClick("forget", async () => {
  if (!window.persistentChat) return say("There is no chat on this page.");
  const isDone = await window.persistentChat.forget();
  say(isDone ? "Your chats are forgotten." : "Your chats will be forgotten as soon as we can be reached.");
});
showConsent();
`;

export function renderPrivacy(): string {
  return renderShopPage({
    title: "Privacy",
    path: "/privacy",
    main: `<h1>Privacy</h1>
<p class="lead">What this shop remembers about you, and how to make it forget.</p>
<section class="banner" aria-label="Consent">
<h2>May we remember your chats?</h2>
<p>Then the agent who answers you next time can read what you wrote before. <strong data-role="consent"></strong></p>
<p class="buttons"><button type="button" id="agree">Yes, remember them</button> <button type="button" class="quiet" id="disagree">No</button></p>
</section>
<h2>Your chats</h2>
<p>Start your next chat without history, or have everything forgotten that we keep about you.</p>
<p class="buttons"><button type="button" class="quiet" id="start-fresh">Start my next chat afresh</button> <button type="button" class="quiet" id="forget">Forget my chats</button></p>
<p data-role="status" role="status"></p>
<script>${SCRIPT}</script>`,
  });
}
