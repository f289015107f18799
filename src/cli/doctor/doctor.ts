import packageJson from "../../../package.json" with { type: "json" };
import { parseSettings } from "../../core/settings/settings.ts";
import { parseWidget, type Widget } from "../../core/widget/widget.ts";
import {
  EXIT,
  type ExitCode,
  FLAG,
  Misuse,
  print,
  printError,
  runCommand,
  TEXT,
  type Values,
} from "../shared/command-line.ts";
import { buildFinding, type Finding, sortFindings } from "../findings/catalogue.ts";
import { findInAmazon } from "../findings/find-in-amazon.ts";
import { findInStartCall } from "../findings/find-in-start-call.ts";
import { askAmazon } from "../shared/try-actions.ts";
import { callStart } from "../site/start-call.ts";
import { crawl, isPage, isRedirect, openPage } from "../site/crawl.ts";
import { toInjection } from "./decide-page.ts";
import { findInLive } from "./live-findings.ts";
import { findInPages } from "./page-findings.ts";
import { lookAtLive, waitForWorker } from "./live-worker.ts";
import { hasOwnStart, launches, listensForUnload, opensByItself } from "../site/markup.ts";
import { isChallenge, type PageFacts, toPageFacts } from "./page.ts";
import { findAssetRequests, findUnseenSignOut } from "./route-findings.ts";
import { type Answer } from "../site/request.ts";
import { checkSettings, PLACEHOLDERS, readAccess } from "./settings.ts";
import { hasOwnSnippet, readLinkSettings, readOwnSettings, type Settings } from "../shared/own-settings.ts";
import { isLocal, parseSite } from "../site/address.ts";
import { listNeededActions } from "../shared/needed-actions.ts";
import { readRoutes } from "../shared/wrangler-config.ts";
import { measureAssets } from "../site/asset-folders.ts";
import { decideVerdict, type Examination, renderExamination } from "./render.ts";

const MAX_PAGES = 200;
const MAX_WAIT_SECONDS = 600;
const MAX_REDIRECTS = 5;
/** An agent reads this, where Connect starts the chat. */
const DOCTOR_NAME = "persistent-chat-edge doctor";

const USAGE = `Usage: npm run doctor -- <address of the site> [options]

Examines a site before and after the Worker is in front of it: which pages get the chat, which
do not, and why. Where the Worker is live, also whether a conversation is continued. The doctor
asks for few pages, slowly, as robots.txt allows, and sends no visitor's cookies. On a live site
it records a made-up chat and has it erased: two hashes stay in KV until they expire.

  --pages <number>  most pages to look at, 1 to ${MAX_PAGES} (20)
  --live <seconds>  expect a live Worker, and wait up to so many seconds for it, at most ${MAX_WAIT_SECONDS}
  --start-call      also ask Amazon Connect to start a chat without a token, which Connect must
                    refuse; if Connect does not, that chat waits for an agent
  --aws             also ask Amazon with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, CONNECT_REGION
                    and CONNECT_INSTANCE_ID, from the environment or .dev.vars and wrangler.toml:
                    tries each action that the Worker needs, on contacts that do not exist
  --env <name>      environment of wrangler.toml
  --json            print everything that the doctor saw, as JSON

Exit codes: 0 fine, 1 a finding blocks or the site cannot be reached, 2 misuse`;

const OPTIONS = {
  pages: { type: "string", default: "20" },
  live: TEXT,
  "start-call": FLAG,
  aws: FLAG,
  env: TEXT,
  json: FLAG,
} as const;

type Options = Values<typeof OPTIONS>;

await runCommand({ name: "doctor", usage: USAGE, options: OPTIONS, allowPositionals: true, run: examine });

async function examine(options: Options, positionals: readonly string[]): Promise<ExitCode> {
  const site = parseSite(positionals);
  const maxPages = parseNumber("--pages", options.pages, [1, MAX_PAGES]);
  const waitSeconds = options.live === undefined ? null : parseNumber("--live", options.live, [0, MAX_WAIT_SECONDS]);
  const settings = readOwnSettings(options.env);
  const access = options.aws ? readAccess(settings) : null;
  if (options["start-call"] && !hasSnippetOfItsOwn(settings)) {
    throw new Misuse("--start-call needs the snippet: set WIDGET_SNIPPET in .dev.vars, and not to the word page.");
  }
  const { chatPath } = parseSettings(settings);
  if (waitSeconds !== null) {
    progress("Waiting for the Worker to answer …");
    await waitForWorker(site.origin + chatPath, waitSeconds);
  }
  const first = await openSite(site);
  const { facts, findings } = await examinePages(first, settings, { maxPages, routes: readRoutes(options.env) });

  const { origin } = first.url;
  progress("Asking the live Worker …");
  const live = await lookAtLive(origin + chatPath, settings["CONTACT_ATTRIBUTE"] ?? "contactId");
  const all: Finding[] = [...findings];
  const widget = readWidget(settings);
  if (live === null && waitSeconds !== null) all.push(buildFinding("not-live"));
  if (live !== null) {
    all.push(
      ...findInLive(live, facts, {
        version: packageJson.version,
        contactAttribute: settings["CONTACT_ATTRIBUTE"] ?? "contactId",
        visitorAttribute: settings["VISITOR_ATTRIBUTE"] ?? "persistentChatVisitor",
        widgetId: hasOwnSnippet(settings) ? widget.id : null,
        isPageWidget: hasOwnSnippet(settings) && widget.source === "page",
        isOn: (settings["MODE"] ?? "on") === "on",
        mayAskAmazon: settings["CONNECT_INSTANCE_ID"] !== undefined,
      }),
    );
  }
  if (options["start-call"] && widget.source === "snippet") {
    const answer = await callStart(widget.snippet, { origin, displayName: DOCTOR_NAME });
    all.push(...findInStartCall(answer?.status ?? null, "The chat that the doctor started waits for an agent now."));
  }
  if (access !== null) {
    const link = readLinkSettings(settings);
    all.push(...findInAmazon(await askAmazon(access, listNeededActions(link)), link.linkBy));
  }

  const examination = { site: origin, pages: facts, live, findings: sortFindings(all) };
  const verdict = decideVerdict(examination);
  print(options.json ? toJson(examination) : renderExamination(examination));
  return verdict.isFine ? EXIT.done : EXIT.failed;
}

interface Scope {
  readonly maxPages: number;
  /** All Routes of the Worker. */
  readonly routes: readonly string[];
}

async function examinePages(first: Answer, own: Settings, { maxPages, routes }: Scope) {
  const { problems, settings, watchProblems } = checkSettings(own);
  const { widget } = settings;
  const onPage = (count: number, path: string) => progress(`Page ${count} of at most ${maxPages}: ${path}`);
  onPage(1, first.url.pathname);
  const { answers, forbidden, pagePaths, serviceWorkers } = await crawl({ first, maxPages, onPage });
  const pages = answers.filter((answer) => isPage(answer) || isChallenge(answer));
  const injection = toInjection(settings, routes);
  const facts = pages.map((page) => toPageFacts(page, injection));
  const findings = findInPages(facts, {
    isHttps: first.url.protocol === "https:",
    isLocal: isLocal(first.url),
    settingProblems: problems,
    watchProblems,
    widget: problems.length === 0 && hasOwnSnippet(own) ? widget.source : "placeholder",
    launchesByItself: widget.source === "snippet" && opensByItself(widget.snippet.script),
    hasOwnStart: widget.source === "snippet" && hasOwnStart(widget.snippet.script),
    listensForUnload: widget.source === "snippet" && listensForUnload(widget.snippet.script),
    isWidgetDelayed: settings.LOAD_WIDGET !== "now",
    launches: widget.source === "snippet" && launches(widget.snippet.script),
    asksForConsent: (own["CONSENT_COOKIE"] ?? "") !== "",
    forbidden,
    serviceWorkers,
  });
  const seen = facts.filter((page) => !page.isChallenge);
  const fronted = seen.filter(({ ownTag }) => ownTag === null);
  const signOutPaths = own["SIGN_OUT_PATHS"] ?? "";
  return {
    facts: seen,
    findings: [
      ...findings,
      ...findInAssets(first.url, fronted, pagePaths, own),
      ...(fronted.length < seen.length ? findUnseenSignOut(first.url, signOutPaths, routes) : []),
    ],
  };
}

/** In front of another host than the zone's own, no request can go without the Worker. */
function findInAssets(site: URL, pages: readonly PageFacts[], pagePaths: Iterable<string>, own: Settings): Finding[] {
  const { chatPath, site: settings } = parseSettings(own);
  if (settings?.originUrl !== null) return [];
  const views = pages.map(({ assets }) => assets);
  const use = measureAssets(views, pagePaths, { chatPath, signOutPaths: own["SIGN_OUT_PATHS"] ?? "" });
  return findAssetRequests(use, site.hostname, pages.length);
}

function toJson(examination: Examination): string {
  return JSON.stringify({ verdict: decideVerdict(examination), ...examination }, null, 2);
}

function parseNumber(option: string, text: string, [least, most]: readonly [number, number]): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : -1;
  if (number >= least && number <= most) return number;
  throw new Misuse(`${option}: expected a number from ${least} to ${most}, found ${text}`);
}

/**
 * Opens the page that the owner named, and follows redirects within the site.
 *
 * @throws {Misuse} Where the address leads to another site, or is no page.
 */
async function openSite(site: URL, redirects = 0): Promise<Answer> {
  progress(`Opening ${site.href} …`);
  const answer = await openPage(site);
  if (isRedirect(answer)) {
    const target = URL.parse(answer.headers.get("location") ?? "", site);
    if (target === null || target.origin !== site.origin) {
      throw new Misuse(
        `${site.href} leads to ${target?.href ?? "nowhere"}: repeat with ${target?.origin ?? "another address"}`,
      );
    }
    if (redirects === MAX_REDIRECTS) throw new Misuse(`${site.href} redirects in circles: name another page.`);
    return openSite(target, redirects + 1);
  }
  if (isChallenge(answer)) {
    throw new Error(
      `${site.href} asks for a proof of being human. In the Cloudflare dashboard, exempt your IP address with a WAF custom rule (Skip), and repeat.`,
    );
  }
  if (answer.status !== 200) throw new Error(`${site.href} answers ${answer.status}: name a page that answers 200.`);
  if (isPage(answer)) return answer;
  const type = answer.headers.get("content-type") ?? "no Content-Type";
  throw new Misuse(`${site.href} is no HTML page (${type}): name an HTML page of the site.`);
}

function readWidget(settings: Settings): Widget {
  try {
    return parseWidget({ ...PLACEHOLDERS, ...settings });
  } catch {
    // The problem itself is a finding.
    return parseWidget(PLACEHOLDERS);
  }
}

function hasSnippetOfItsOwn(settings: Settings): boolean {
  return hasOwnSnippet(settings) && settings["WIDGET_SNIPPET"]?.trim() !== "page";
}

/** Shows on stderr what the doctor is doing: stdout has the result alone. */
function progress(text: string): void {
  printError(text);
}
