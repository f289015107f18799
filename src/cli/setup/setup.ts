import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { parseEnv } from "node:util";
import { hasZone } from "../shared/cloudflare-api.ts";
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
import {
  type Answers,
  checkInstanceId,
  checkRegion,
  checkSecurityKey,
  checkSite,
  checkSnippet,
  checkWidgetId,
  describeMissingZone,
  readKeptSnippet,
} from "./answers.ts";
import { buildPlan, listSecrets, type Plan, type Present, renderDevVars, renderPlan } from "./plan.ts";
import { askForAnswers, Cancelled, confirmPlan } from "./prompts.ts";
import { toSiteUrl } from "../shared/site-address.ts";
import { lookAtSite } from "./site-look.ts";
import { runWrangler } from "../shared/wrangler.ts";
import { readRouteHost, readVariables } from "../shared/wrangler-config.ts";
import { editWranglerToml, readNamespaceId } from "./wrangler-toml.ts";

const TOML = "wrangler.toml";
const DEV_VARS = ".dev.vars";
/** Of this name, so that a second run finds it again. */
const NAMESPACE_TITLE = "persistent-chat-edge-visitors";

const USAGE = `Usage: npm run setup -- [options]

Asks what it cannot know, and then writes ${TOML}, the KV namespace and the secrets through
your wrangler, and the contact flow. Can be run again at any time: what you told before is
kept where you say nothing else. Without a Cloudflare login the secrets wait in ${DEV_VARS}.

  --dry-run               say what would be done, and do nothing
  --yes                   without questions; what it needs then comes from:
    --site <address>        the site, or its Route
    --elsewhere             it is not on your Cloudflare account
    --snippet <file>        the snippet; - reads it from standard input
    --page-widget <id>      instead: your pages carry the widget of this id
    --region <region>       region of the Connect instance
    --instance <id>         its id
    WIDGET_SECURITY_KEY     in the environment

Exit codes: 0 done, 1 failed or declined, 2 misuse`;

const OPTIONS = {
  "dry-run": FLAG,
  yes: FLAG,
  site: TEXT,
  elsewhere: FLAG,
  snippet: TEXT,
  "page-widget": TEXT,
  region: TEXT,
  instance: TEXT,
} as const;

type Options = Values<typeof OPTIONS>;

await runCommand({
  name: "setup",
  usage: USAGE,
  options: OPTIONS,
  run: (options) =>
    setUp(options).catch((error: unknown) => {
      if (error instanceof Cancelled) return EXIT.failed;
      throw error;
    }),
});

async function setUp(options: Options): Promise<ExitCode> {
  if (!options.yes && !process.stdin.isTTY) throw new Misuse("Nobody is here to ask: tell everything, with --yes.");
  if (!options.yes) printError("Looking at what is there …");
  const present = await readPresent();
  const answers = options.yes ? await readAnswers(options, present) : await askForAnswers(present);
  const plan = buildPlan(answers, present, () => randomBytes(32).toString("base64url"));
  const lines = renderPlan(plan, present.isLoggedIn);
  if (options["dry-run"]) {
    print(["This would be written, and nothing was:", ...lines].join("\n"));
    return EXIT.done;
  }
  if (!options.yes) await confirmPlan(lines);
  await apply(plan, present);
  await writeFlow();
  print(renderNextSteps(answers, present));
  return EXIT.done;
}

async function readPresent(): Promise<Present> {
  const isLoggedIn = await runWrangler(["whoami"]).then(
    (output) => !/not authenticated/i.test(output),
    () => false,
  );
  const texts = Object.entries(readVariables()).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value]] : [],
  );
  const variables: Present["variables"] = Object.fromEntries(texts);
  return {
    isLoggedIn,
    namespaceId: readNamespaceId(await readFile(TOML, "utf8")),
    secretNames: isLoggedIn ? await readSecretNames() : [],
    kept: existsSync(DEV_VARS) ? parseEnv(readFileSync(DEV_VARS, "utf8")) : {},
    variables,
    site: variables["ORIGIN_URL"] || (readRouteHost() ?? ""),
  };
}

async function readSecretNames(): Promise<string[]> {
  try {
    const secrets: readonly { readonly name: string }[] = JSON.parse(await runWrangler(["secret", "list"]));
    return secrets.map(({ name }) => name);
  } catch (error) {
    // A Worker that was never deployed has none.
    if (error instanceof Error && /10007|not found|does not exist/i.test(error.message)) return [];
    throw error;
  }
}

/** @throws {Misuse} With every problem at once. */
async function readAnswers(options: Options, present: Present): Promise<Answers> {
  const { kept, secretNames, variables } = present;
  const read = (option: string | undefined, name: string) => option ?? variables[name] ?? "";
  const region = read(options.region, "CONNECT_REGION");
  const instanceId = read(options.instance, "CONNECT_INSTANCE_ID");
  const pageWidget = options["page-widget"] ?? (options.snippet === undefined ? read(undefined, "WIDGET_ID") : "");
  const snippet = pageWidget === "" ? await readSnippet(options.snippet, kept) : "page";
  const givenKey = process.env["WIDGET_SECURITY_KEY"] || kept["WIDGET_SECURITY_KEY"] || "";
  const securityKey = givenKey === "" && secretNames.includes("WIDGET_SECURITY_KEY") ? null : givenKey;
  const site = options.site ?? present.site;
  const isElsewhere = options.elsewhere || (options.site === undefined && site === variables["ORIGIN_URL"]);
  const problems = [
    ["--site", checkSite(site)],
    ["--snippet", checkSnippet(snippet)],
    ["--page-widget", snippet === "page" ? checkWidgetId(pageWidget) : undefined],
    ["WIDGET_SECURITY_KEY", securityKey === null ? undefined : checkSecurityKey(securityKey)],
    ["--region", checkRegion(region)],
    ["--instance", checkInstanceId(instanceId)],
  ].filter(([, problem]) => problem !== undefined);
  const url = toSiteUrl(site);
  if (problems.length > 0 || url === null) {
    throw new Misuse(problems.map(([name, problem]) => `${name}: ${problem}`).join("\n"));
  }
  await checkSiteItself(url, { isElsewhere, isLoggedIn: present.isLoggedIn, isPageWidget: snippet === "page" });
  const widgetId = snippet === "page" ? pageWidget : "";
  return { snippet, widgetId, securityKey, site: url, isOnCloudflare: !isElsewhere, region, instanceId };
}

interface Circumstances {
  readonly isElsewhere: boolean;
  readonly isLoggedIn: boolean;
  readonly isPageWidget: boolean;
}

async function checkSiteItself(site: URL, { isElsewhere, isLoggedIn, isPageWidget }: Circumstances): Promise<void> {
  const look = await lookAtSite(site);
  if (look.kind === "problem") throw new Misuse(`--site: ${look.message}`);
  if (look.kind === "has-widget" && !isPageWidget) {
    printError(
      "Your pages carry a widget already: with --page-widget <id> it is used, otherwise it wins over the snippet.",
    );
  }
  if (!isElsewhere && isLoggedIn && (await hasZone(site.hostname)) === false) {
    throw new Misuse(`--site: ${describeMissingZone(site)} For that: --elsewhere`);
  }
}

async function readSnippet(path: string | undefined, kept: Present["kept"]): Promise<string> {
  if (path === undefined) return readKeptSnippet(kept);
  if (path === "-") return readAll(process.stdin);
  return readFile(path, "utf8").catch((error: Error) => {
    throw new Misuse(`--snippet: cannot read ${path}: ${error.message}`);
  });
}

/** Every step can be done twice, so that a run that failed is simply run again. */
async function apply({ devVars, mustCreateNamespace, secrets, toml }: Plan, { isLoggedIn }: Present): Promise<void> {
  const text = await readFile(TOML, "utf8");
  const namespaceId = mustCreateNamespace ? await findOrCreateNamespace() : null;
  await writeFile(TOML, editWranglerToml(text, { ...toml, namespaceId }));
  print(`${TOML}: written`);
  if (isLoggedIn) {
    await runWrangler(["secret", "bulk"], JSON.stringify(secrets));
    print(`Cloudflare: ${listSecrets(secrets)}`);
  }
  // Last: it holds what was told, until Cloudflare has it.
  await writeFile(DEV_VARS, renderDevVars(devVars), { mode: 0o600 });
  await chmod(DEV_VARS, 0o600);
  print(`${DEV_VARS}: ${Object.keys(devVars).join(", ")}`);
}

async function findOrCreateNamespace(): Promise<string> {
  const list: readonly { readonly id: string; readonly title: string }[] = JSON.parse(
    await runWrangler(["kv", "namespace", "list"]),
  );
  const found = list.find(({ title }) => title === NAMESPACE_TITLE);
  if (found !== undefined) return found.id;
  const created = await runWrangler(["kv", "namespace", "create", NAMESPACE_TITLE]);
  const id = /\b[0-9a-f]{32}\b/.exec(created)?.[0];
  if (id === undefined)
    throw new Error("Cannot find the id of the new KV namespace in what wrangler printed: run this again");
  print(`Cloudflare KV: ${NAMESPACE_TITLE}`);
  return id;
}

async function writeFlow(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile(process.execPath, [join(import.meta.dirname, "../flow/flow.ts")], (error, stdout, stderr) =>
    error === null ? resolve(stdout) : reject(new Error(stderr)),
  );
  print((await promise).trimEnd());
}

function renderNextSteps({ isOnCloudflare, site }: Answers, { isLoggedIn }: Present): string {
  const address = isOnCloudflare ? site.origin : "the address that the deployment prints";
  return [
    `And in the widget's settings, among the allowed domains: add ${address}, exactly so.`,
    "",
    "Then, here:",
    ...(isLoggedIn ? [] : ["  npx wrangler login", "  npm run setup            (again: what you told is kept)"]),
    `  npm run doctor -- ${site.origin}`,
    "  npm run deploy",
  ].join("\n");
}
