/** How much a finding matters: `blocks` makes the verdict bad. */
export type Weight = "blocks" | "warns" | "notes";

interface Entry {
  readonly weight: Weight;
  readonly what: string;
  readonly todo: string;
}

/**
 * What the doctor can find. The codes are stable; those of pages that are left alone are the Worker's own reasons. In order of
 * weight, and of what to do first.
 */
const CATALOGUE = {
  "settings-invalid": {
    weight: "blocks",
    what: "The settings in wrangler.toml and .dev.vars cannot be used: chats would not start, and pages stay as they are.",
    todo: "Mend what is listed; npm run setup checks each answer at once.",
  },
  "no-page": {
    weight: "blocks",
    what: "No page that was looked at would get the chat.",
    todo: "Each reason stands below, with what to do.",
  },
  "not-https": {
    weight: "blocks",
    what: "The site is served without https: browsers then keep no cookie of ours, so no conversation is continued.",
    todo: "Switch on Always Use HTTPS in the Cloudflare dashboard (SSL/TLS, Edge Certificates).",
  },
  "not-live": {
    weight: "blocks",
    what: "No Worker answers at this address, and it was to be live (--live).",
    todo: "See that the Route in wrangler.toml covers this address and that its DNS record is Proxied; then repeat.",
  },
  misconfigured: {
    weight: "blocks",
    what: "The live Worker says that its settings are wrong; the site's pages go out untouched.",
    todo: "npx wrangler tail shows each as settings.invalid while you open /_chat/health; mend them and deploy again.",
  },
  "existing-widget": {
    weight: "blocks",
    what: "Pages carry an Amazon Connect widget of their own: the Worker's would find it and do nothing.",
    todo: "Set WIDGET_SNIPPET to the word page and WIDGET_ID to the widget's id, so that the one that is there gets our part.",
  },
  "widget-missing": {
    weight: "blocks",
    what: "WIDGET_SNIPPET is page, and no page that was looked at carries a widget.",
    todo: "Put the snippet of the Connect console into WIDGET_SNIPPET, or name a page that has the widget.",
  },
  "widget-script": {
    weight: "blocks",
    what: "widget.js does not come from the live site as JavaScript.",
    todo: "Let everything below CHAT_PATH through: look for a redirect, a cache or firewall rule, or another Worker's Route.",
  },
  "token-refused": {
    weight: "blocks",
    what: "The live site gives no token, so no chat starts.",
    todo: `A code is the Worker's: see .github/OPERATING.md, "Routes". Without one, a firewall rule or challenge stands before /_chat/token: exempt it.`,
  },
  "token-lifetime": {
    weight: "blocks",
    what: "The token lives longer than Amazon Connect takes, 10 minutes.",
    todo: "Set TOKEN_TTL_SECONDS to 600 or less, and look for what changes answers on their way.",
  },
  "token-attributes": {
    weight: "blocks",
    what: "The token lacks contact attributes that the contact flow reads: an absent one could be forged.",
    todo: "Use the same CONTACT_ATTRIBUTE and VISITOR_ATTRIBUTE here, in the live Worker and in the contact flow; deploy again.",
  },
  "other-widget": {
    weight: "blocks",
    what: "The live Worker signs for another widget than the one in .dev.vars.",
    todo: "Put the right snippet into the live Worker: npx wrangler secret put WIDGET_SNIPPET.",
  },
  "clock-skew": {
    weight: "blocks",
    what: "The token's time and the live site's clock are apart: Amazon Connect refuses tokens from another time.",
    todo: "Look for a cache before /_chat/token: its answers must never be stored.",
  },
  "report-refused": {
    weight: "blocks",
    what: "The report of a new chat is not taken: conversations would not be continued.",
    todo: "STORE_UNAVAILABLE: look at the KV namespace VISITORS in the dashboard. Without a code, exempt /_chat/contacts from firewall rules.",
  },
  "security-not-enforced": {
    weight: "blocks",
    what: "Amazon Connect started a chat without a token: anyone can forge whose conversation is continued. (That chat waits for an agent now.)",
    todo: "In the Connect console, on the widget's page, enable security for new chats, and take the snippet anew.",
  },
  "not-on-allow-list": {
    weight: "blocks",
    what: "Amazon Connect refuses this site: its address is not among the widget's domains, or the snippet was changed.",
    todo: "In the Connect console, on the widget's page, add the site's address exactly, with https://; else copy the snippet anew.",
  },
  "widget-unknown": {
    weight: "blocks",
    what: "Amazon Connect does not know the widget in the snippet.",
    todo: "Copy the snippet anew from the Connect console; the widget may have been deleted.",
  },
  "aws-refused": {
    weight: "blocks",
    what: "Amazon refuses the AWS key, or what it asks: no conversation would be continued.",
    todo: "Attach .connect/iam-policy.json to the key's user (npm run flow writes it), and check key, CONNECT_REGION and CONNECT_INSTANCE_ID.",
  },
  "csp-strict-dynamic": {
    weight: "warns",
    what: "Their policy has 'strict-dynamic' without a nonce: no script that comes from outside can run.",
    todo: "Give the policy's script-src a nonce on these pages; the Worker uses it.",
  },
  "csp-style-hashes": {
    weight: "warns",
    what: "Their policy allows inline styles by hash alone: the widget's own would be forbidden.",
    todo: "Give the policy's style-src a nonce on these pages.",
  },
  "csp-trusted-types": {
    weight: "warns",
    what: "Their policy has require-trusted-types-for 'script': Amazon's loader cannot run under that.",
    todo: "Take that directive out for these pages, or go without the chat there.",
  },
  "csp-no-script": {
    weight: "warns",
    what: "Their policy allows no script at all: there the Worker's would be the only one.",
    todo: "Nothing, if that is meant, as on uploads; else name the sources of your scripts in script-src.",
  },
  "csp-unreadable": {
    weight: "warns",
    what: "Their policy has a character that browsers read differently, or in a <meta> a character reference that the Worker does not know.",
    todo: "Write the policy in printable ASCII, and in a <meta> no character reference but those of HTML's syntax, such as &#39;.",
  },
  "csp-sandbox": {
    weight: "warns",
    what: "Their policy has sandbox: the chat cannot work there.",
    todo: "Take that directive out for these pages, or go without the chat there.",
  },
  coep: {
    weight: "warns",
    what: "They send Cross-Origin-Embedder-Policy: require-corp: Amazon's script could not be loaded.",
    todo: "Send credentialless in its place, or leave the header out on these pages.",
  },
  encoding: {
    weight: "warns",
    what: "They come in an encoding other than gzip or br though no other was asked for: the Worker cannot read them.",
    todo: "Have the origin compress with gzip or br, and only with what Accept-Encoding names.",
  },
  charset: {
    weight: "warns",
    what: "Their charset is UTF-16, ISO-2022-JP or unknown: the tag's bytes would mean something else.",
    todo: "Serve them as UTF-8.",
  },
  "late-charset": {
    weight: "warns",
    what: "Their <meta charset> stands so late that the tag would push it out of browsers' sight.",
    todo: "Name the charset in the Content-Type header, or put <meta charset> first in the head.",
  },
  "no-transform": {
    weight: "warns",
    what: "Cache-Control: no-transform forbids any change of them.",
    todo: "Leave no-transform out on pages.",
  },
  download: {
    weight: "warns",
    what: "They are sent to be saved as files (Content-Disposition: attachment).",
    todo: "Nothing, if that is meant; else leave the header out.",
  },
  amp: {
    weight: "warns",
    what: "They are AMP pages, which forbid scripts of others.",
    todo: "Nothing: AMP allows no other way.",
  },
  "content-type": {
    weight: "warns",
    what: "They are XHTML: a tag in them could break the page.",
    todo: "Serve them as text/html.",
  },
  "not-html": {
    weight: "warns",
    what: "They are called text/html and begin with something else.",
    todo: "Send the right Content-Type; UTF-16 pages: serve them as UTF-8.",
  },
  empty: {
    weight: "warns",
    what: "They are called text/html and are empty.",
    todo: "Nothing, if no one is to see them.",
  },
  "no-head-found": {
    weight: "warns",
    what: "Their head begins later than 16 KB into the page: that far is looked.",
    todo: "Make the comments before the head shorter.",
  },
  "left-alone": {
    weight: "warns",
    what: "The Worker would leave them alone for another reason.",
    todo: 'See .github/OPERATING.md, "What happens to a page".',
  },
  "widget-without-token": {
    weight: "warns",
    what: "Your own pages' widget is there without our part, and gets no token: with security enabled in Connect no chat starts.",
    todo: "Take the widget off such pages, or have the Worker put its part there: MODE = 'on', and what stands in the way mended.",
  },
  "tag-missing": {
    weight: "warns",
    what: "They would get the chat, and come from the live site without it.",
    todo: "Purge Cloudflare's cache and others before it, and see that the Route covers these addresses.",
  },
  "history-not-offered": {
    weight: "warns",
    what: "A made-up chat was taken, and the next token does not continue it.",
    todo: "Fine where the live Worker has AWS keys, as Amazon does not know that chat; else look for what drops our cookie.",
  },
  "forgetting-refused": {
    weight: "warns",
    what: "DELETE /_chat/visitor does not get through: visitors could not have themselves forgotten.",
    todo: "Let DELETE below CHAT_PATH through your firewall rules.",
  },
  "not-on-cloudflare": {
    weight: "warns",
    what: "The site is not answered by Cloudflare (no CF-Ray header): a Route cannot work there yet.",
    todo: "Set the site's DNS record to Proxied in the Cloudflare dashboard, or give the Worker a domain of its own and ORIGIN_URL.",
  },
  "service-worker": {
    weight: "warns",
    what: "A service worker may show pages that it has kept: those never have the chat.",
    todo: "Have it ask the network for pages (network first), not serve a kept shell to navigations.",
  },
  "auto-launch": {
    weight: "warns",
    what: "The snippet opens the chat by itself (skipIconButtonAndAutoLaunch): every page view asks for a token and makes a visitor.",
    todo: "Leave that out of the snippet, or raise CHAT_LIMIT and expect two KV writes per page view.",
  },
  challenged: {
    weight: "warns",
    what: "Cloudflare asked the doctor to prove that it is human: these pages were not seen.",
    todo: "Let your address past with a WAF custom rule (Skip) while the doctor looks.",
  },
  "aws-unreachable": {
    weight: "warns",
    what: "Amazon could not be asked.",
    todo: "Check CONNECT_REGION, and try again.",
  },
  "start-call-unclear": {
    weight: "warns",
    what: "Whether a chat needs a token could not be seen.",
    todo: "Try it by hand: a start call without x-amz-security-token must be answered 401.",
  },
  "switched-off": {
    weight: "notes",
    what: "The Worker is live and switched off (MODE is off, observe or preview): no visitor gets the chat.",
    todo: 'Set MODE = "on" in wrangler.toml and deploy when you are ready.',
  },
  "excluded-path": {
    weight: "notes",
    what: "Your INCLUDE_PATHS and EXCLUDE_PATHS leave them out.",
    todo: "Nothing, if that is meant.",
  },
  "policies-change": {
    weight: "notes",
    what: "The Worker adds to their Content-Security-Policy what the chat needs:",
    todo: "Nothing; where CONNECT_REGION is set, connect-src gets the hosts of that region alone, and is much shorter.",
  },
  "cached-pages": {
    weight: "notes",
    what: "Caches may keep these pages as they are now.",
    todo: "Purge Cloudflare's cache when you switch the chat on or off; a browser shows its own copy until that is outdated.",
  },
  "consent-needed": {
    weight: "notes",
    what: "Without consent (CONSENT_COOKIE) nothing is kept, so recording and continuing a chat were not tried.",
    todo: "Nothing: try it in a browser that has agreed.",
  },
  "no-snippet": {
    weight: "notes",
    what: "There is no snippet in .dev.vars yet: a placeholder was used, and the widget's own host is not in the policies shown.",
    todo: "npm run setup asks for it.",
  },
  "version-differs": {
    weight: "notes",
    what: "The live Worker is of another version than this checkout.",
    todo: "npm run deploy, if this checkout is the newer one.",
  },
  "local-clock": {
    weight: "notes",
    what: "This machine's clock is wrong; the live Worker's is right.",
    todo: "Set it by the network: AWS and wrangler refuse calls from another time.",
  },
  robots: {
    weight: "notes",
    what: "robots.txt kept the doctor from pages that others link to.",
    todo: "Name one of them on the command line to have it looked at.",
  },
} as const satisfies Readonly<Record<string, Entry>>;

export type FindingCode = keyof typeof CATALOGUE;

/** One thing that the owner should know, and what to do. */
export interface Finding extends Entry {
  readonly code: FindingCode;
  /** Paths of the pages that it is about; empty: the whole site. */
  readonly pages: readonly string[];
  /** Facts, a line each. */
  readonly details: readonly string[];
}

export const FINDING_CODES: readonly FindingCode[] = Object.keys(CATALOGUE).filter(isFindingCode);

export function isFindingCode(text: string): text is FindingCode {
  return Object.hasOwn(CATALOGUE, text);
}

type Circumstances = Partial<Pick<Finding, "pages" | "details" | "weight">>;

export function buildFinding(code: FindingCode, { pages = [], details = [], weight }: Circumstances = {}): Finding {
  const entry = CATALOGUE[code];
  return { code, ...entry, weight: weight ?? entry.weight, pages, details };
}

const WEIGHTS: readonly Weight[] = ["blocks", "warns", "notes"];

/** The heaviest first, and of one weight in the catalogue's order. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const rank = ({ code, weight }: Finding) =>
    WEIGHTS.indexOf(weight) * FINDING_CODES.length + FINDING_CODES.indexOf(code);
  return findings.toSorted((a, b) => rank(a) - rank(b));
}
