import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { confirm, intro, log, password, select } from "@clack/prompts";
import { type LinkBy } from "../../core/chat/continuation.ts";
import { findZone } from "../shared/cloudflare-api.ts";
import {
  type Answers,
  checkConsent,
  checkSecurityKey,
  checkSite,
  checkSnippet,
  checkWidgetId,
  describeMissingZone,
  readContextKinds,
  readKeptSnippet,
} from "./answers.ts";
import { ask, askText, check, giveUp } from "./ask.ts";
import { askForContext } from "./ask-for-context.ts";
import { askForInstance } from "./ask-for-instance.ts";
import { findAssetFolders, toAssetRoute } from "./asset-routes.ts";
import { toPrintable } from "../shared/printable.ts";
import { mayWorkerLink, type Present } from "./plan.ts";
import { parseSite } from "../site/address.ts";
import { lookAtSite } from "../site/look.ts";

/** Asks the owner, and proposes the earlier answers. Nothing is done before the last answer. */
export async function askForAnswers(present: Present): Promise<Answers> {
  const readVariable = (name: string) => present.variables[name] ?? "";
  intro("persistent-chat-edge: setup");
  const { site, hasWidget } = await askForSite(present.site);
  const isOnCloudflare = await askForPlace(site, present);
  const assetRoutes = isOnCloudflare && present.isLoggedIn ? await askForAssetRoutes(site, present.variables) : [];
  const { snippet, widgetId } = await askForWidget(hasWidget, readKeptSnippet(present.kept), readVariable("WIDGET_ID"));
  const securityKey = await askForKey(present);
  const { region, instanceId } = await askForInstance(present);
  const linkBy = mayWorkerLink(present, instanceId) ? await askForLinkBy(readVariable("LINK_BY")) : "flow";
  const consent = await askForConsent(readVariable("CONSENT_COOKIE"));
  const context = await askForContext(readContextKinds(readVariable("CONTEXT")));
  const connect = { region, instanceId, linkBy };
  return { snippet, widgetId, securityKey, site, isOnCloudflare, assetRoutes, ...connect, consent, context };
}

export async function confirmPlan(lines: readonly string[]): Promise<void> {
  log.message(toPrintable(lines.join("\n")));
  if (!(await ask<boolean>(confirm({ message: "Do this now?" })))) throw giveUp();
}

async function askForSite(proposed: string): Promise<{ site: URL; hasWidget: boolean }> {
  for (;;) {
    const site = parseSite([await askText("The address of your site", checkSite, proposed)]);
    const look = await lookAtSite(site);
    if (look.kind !== "problem") return { site, hasWidget: look.kind === "has-widget" };
    log.error(toPrintable(look.message));
  }
}

async function askForPlace(site: URL, { isLoggedIn, variables }: Present): Promise<boolean> {
  for (;;) {
    const isOnCloudflare = await ask<boolean>(
      select<boolean>({
        message: "Where is this site?",
        initialValue: !variables["ORIGIN_URL"],
        options: [
          {
            value: true,
            label: "On my Cloudflare account",
            hint: "the Worker stands in front of it, at its own address",
          },
          { value: false, label: "Elsewhere", hint: "the Worker gets an address on workers.dev" },
        ],
      }),
    );
    if (!isOnCloudflare || !isLoggedIn || (await findZone(site.hostname)) !== "none") return isOnCloudflare;
    log.error(toPrintable(describeMissingZone(site)));
  }
}

async function askForAssetRoutes(site: URL, variables: Present["variables"]): Promise<readonly string[]> {
  log.step("Looking at some pages: which files need no Worker?");
  const { filesPerView, folders } = await findAssetFolders(site, variables);
  if (folders.length === 0) return [];
  const routes = folders.map(({ path }) => toAssetRoute(site, path));
  const saved = folders.reduce((sum, folder) => sum + folder.filesPerView, 0);
  const lines = [
    `Each request costs: a first page view has 1 for the page and ${filesPerView} for files (on average).`,
    `Routes without a Worker save ${Math.round(saved * 10) / 10} of them:`,
    ...routes,
  ];
  log.info(toPrintable(lines.join("\n")));
  const isWanted = await ask<boolean>(
    confirm({ message: "Add these Routes without a Worker? No page may be below them.", initialValue: false }),
  );
  return isWanted ? routes : [];
}

async function askForWidget(hasWidget: boolean, kept: string, keptId: string) {
  const how = await ask<string>(
    select<string>({
      message: hasWidget
        ? "Your pages already carry a widget. Which widget should the chat use?"
        : "The widget's snippet from the Connect console",
      initialValue: hasWidget || keptId !== "" ? "page" : kept === "" ? "paste" : "kept",
      options: [
        ...(kept === "" ? [] : [{ value: "kept", label: "The snippet in .dev.vars, from last time" }]),
        { value: "paste", label: "I paste the snippet" },
        { value: "file", label: "The snippet is in a file" },
        { value: "page", label: "My pages already carry the widget" },
      ],
    }),
  );
  if (how === "kept") return { snippet: kept, widgetId: "" };
  if (how !== "page") return { snippet: how === "file" ? await askForFile() : await askForPaste(), widgetId: "" };
  const widgetId = await askText("The widget's id, from the snippet in your pages", checkWidgetId, keptId);
  return { snippet: "page", widgetId: widgetId.trim() };
}

async function askForKey({ kept, secretNames }: Present): Promise<string | null> {
  const keptKey = kept["WIDGET_SECURITY_KEY"] ?? "";
  if (checkSecurityKey(keptKey) === undefined) return keptKey;
  const hasOne = secretNames.includes("WIDGET_SECURITY_KEY");
  const where = hasOne
    ? "empty: Cloudflare keeps the key that it has"
    : "from the widget's page in the Connect console";
  const key = await ask<string>(
    password({
      message: `The widget's security key (${where})`,
      validate: check((text) => (hasOne && text === "" ? undefined : checkSecurityKey(text))),
    }),
  );
  return key || null;
}

function askForLinkBy(earlier: string): Promise<LinkBy> {
  return ask<LinkBy>(
    select<LinkBy>({
      message: "Who links a new chat to the past one?",
      initialValue: earlier === "flow" ? "flow" : "worker",
      options: [
        { value: "worker", label: "The Worker, with its AWS key", hint: "the key's user needs a new policy" },
        { value: "flow", label: "Your contact flow", hint: "with four blocks that you import in Connect" },
      ],
    }),
  );
}

function askForConsent(earlier: string): Promise<string> {
  const message = "Where does it show that a visitor has agreed? (.github/CONSENT.md; empty: no need)";
  return askText(message, checkConsent, earlier);
}

async function askForFile(): Promise<string> {
  const path = await askText("Path of the file", (name) => {
    try {
      return checkSnippet(readFileSync(name, "utf8"));
    } catch (error) {
      return `Cannot read the file: ${error instanceof Error ? error.message : String(error)}`;
    }
  });
  return readFileSync(path, "utf8");
}

async function askForPaste(): Promise<string> {
  for (;;) {
    log.step("Paste the snippet, from <script to </script>");
    const snippet = await readPaste();
    const problem = checkSnippet(snippet);
    if (problem === undefined) return snippet;
    log.error(toPrintable(problem));
  }
}

/** Reads lines up to the end of a script, or two empty lines: a prompt would take the first line alone. */
function readPaste(): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const lines: string[] = [];
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  let isRead = false;
  terminal.on("line", (line) => {
    lines.push(line);
    isRead = /<\/script>\s*$/i.test(line) || (line === "" && lines.at(-2) === "");
    if (isRead) terminal.close();
  });
  terminal.on("close", () => {
    if (isRead) resolve(lines.join("\n"));
    else reject(giveUp());
  });
  terminal.on("SIGINT", () => terminal.close());
  return promise;
}
