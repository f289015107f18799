import { randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { DEV_VARS, readDevVars } from "../shared/dev-vars.ts";
import { addRouteWithoutWorker } from "../shared/cloudflare-api.ts";
import { EXIT, type ExitCode, Misuse, print, printError, runCommand } from "../shared/command-line.ts";
import { type Answers, describeDelay, describeOwnStart } from "./answers.ts";
import { OPTIONS, type Options, readAnswers } from "./options.ts";
import { buildPlan, listMissingKeys, listSecrets, type Plan, type Present, renderDevVars, renderPlan } from "./plan.ts";
import { Cancelled } from "./ask.ts";
import { offerCheck } from "./offer-check.ts";
import { askForAnswers, confirmPlan } from "./prompts.ts";
import { runWrangler } from "../shared/wrangler.ts";
import { readConfigFile, readRouteHost, readRoutes } from "../shared/wrangler-config.ts";
import { editWranglerToml } from "./wrangler-toml.ts";

const TOML = "wrangler.toml";
/** A fixed name, so that a second run finds the namespace again. */
const NAMESPACE_TITLE = "persistent-chat-edge-visitors";
/** The KV id in wrangler.toml as it is delivered. */
const PLACEHOLDER_ID = "0".repeat(32);

const ABANDONED_CHATS = `If you like: with END_ABANDONED = "1" in ${TOML}, a visitor's new chat ends the chat that they left open.
Then run npm run flow, and attach its policy again.`;

const USAGE = `Usage: npm run setup -- [options]

Asks for what it needs, then writes ${TOML} and the contact flow or the AWS policy, and creates
the KV namespace and the secrets with your wrangler. You can run it again at any time: it keeps your earlier
answers unless you give new ones. Without a Cloudflare login, it keeps the secrets in ${DEV_VARS}.
In a terminal with an AWS login, it offers to find the Connect instance, and to check Connect's side.

  --dry-run               show what would be done, and do nothing
  --yes                   ask no questions; the answers come from:
    --site <address>        the site, or its Route
    --elsewhere             the site is not on your Cloudflare account
    --asset-routes          also add Routes without a Worker, for folders that hold only files
    --snippet <file>        the snippet; - reads it from standard input
    --page-widget <id>      instead of a snippet: the id of the widget in your pages
    --region <region>       region of the Connect instance
    --instance <id>         id of the Connect instance
    --link-by <flow|worker> who links a chat to the past one; worker needs region, instance and AWS key
    --consent-cookie <...>  where a visitor's consent shows: name=regex, page, tcf:<purposes> or gcm
    --context <words>       what the agent is told of where the visitor is (CONTEXT), such as "page title"
    WIDGET_SECURITY_KEY     in the environment

Exit codes: 0 done, 1 failed or declined, 2 misuse`;

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
  if (!options.yes && !process.stdin.isTTY)
    throw new Misuse(
      "Setup cannot ask questions without a terminal: run it with --yes, and give the answers as options.",
    );
  if (!options.yes) printError("Reading the current settings …");
  const present = await readPresent();
  const answers = options.yes ? await readAnswers(options, present) : await askForAnswers(present);
  const warnings = [
    describeOwnStart(answers.snippet),
    describeDelay(answers.snippet, present.variables["LOAD_WIDGET"] ?? ""),
  ];
  for (const warning of warnings) if (warning !== undefined) printError(warning);
  const plan = buildPlan(answers, present, () => randomBytes(32).toString("base64url"));
  const lines = renderPlan(plan, present);
  if (options["dry-run"]) {
    print(["This would be done. Nothing was changed:", ...lines].join("\n"));
    return EXIT.done;
  }
  if (!options.yes) await confirmPlan(lines);
  await apply(plan, present, answers.site);
  await writeFlow();
  print(renderNextSteps(answers, present));
  if (!options.yes) await offerCheck(present.kept);
  return EXIT.done;
}

async function readPresent(): Promise<Present> {
  const isLoggedIn = await runWrangler(["whoami"]).then(
    (output) => !/not authenticated/i.test(output),
    () => false,
  );
  const { kv_namespaces: namespaces, vars } = readConfigFile();
  const texts = Object.entries(vars).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
  const variables: Present["variables"] = Object.fromEntries(texts);
  return {
    isLoggedIn,
    hasNamespace: namespaces.some(hasId),
    secretNames: isLoggedIn ? await readSecretNames() : [],
    kept: readDevVars(),
    variables,
    routes: readRoutes(),
    site: variables["ORIGIN_URL"] || (readRouteHost() ?? ""),
  };
}

function hasId({ binding, id = PLACEHOLDER_ID }: { readonly binding: string; readonly id?: string }): boolean {
  return binding === "VISITORS" && id !== PLACEHOLDER_ID;
}

async function readSecretNames(): Promise<string[]> {
  try {
    const secrets: readonly { readonly name: string }[] = JSON.parse(await runWrangler(["secret", "list"]));
    return secrets.map(({ name }) => name);
  } catch (error) {
    // A Worker that was never deployed has no secrets.
    if (error instanceof Error && /10007|not found|does not exist/i.test(error.message)) return [];
    throw error;
  }
}

/** The owner runs setup again after a failure: each step can be done twice. */
async function apply(plan: Plan, { isLoggedIn }: Present, site: URL): Promise<void> {
  const { assetRoutes, devVars, mustCreateNamespace, secrets, toml } = plan;
  const text = await readFile(TOML, "utf8");
  const namespaceId = mustCreateNamespace ? await findOrCreateNamespace() : null;
  await writeFile(TOML, editWranglerToml(text, { ...toml, namespaceId }));
  print(`${TOML}: written`);
  if (isLoggedIn) {
    await runWrangler(["secret", "bulk"], JSON.stringify(secrets));
    print(`Cloudflare: ${listSecrets(secrets)}`);
  }
  for (const route of assetRoutes) {
    await addRouteWithoutWorker(site.hostname, route);
    print(`Cloudflare: the Route ${route}, without a Worker`);
  }
  // Last, since this file keeps the secrets until Cloudflare has them.
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
    throw new Error("Cannot find the id of the new KV namespace in wrangler's output: run setup again");
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

function renderNextSteps({ isOnCloudflare, linkBy, site }: Answers, present: Present): string {
  const { isLoggedIn } = present;
  const address = isOnCloudflare ? site.origin : "the address that the deployment prints";
  const place =
    linkBy === "worker" ? "And in Amazon Connect, in the widget's settings" : "And in the widget's settings";
  const missingKeys = linkBy === "worker" && isLoggedIn ? listMissingKeys(present) : [];
  return [
    `${place}, add exactly this to the allowed domains: ${address}`,
    "",
    "Then, here:",
    ...(isLoggedIn ? [] : ["  npx wrangler login", "  npm run setup            (again: your answers are kept)"]),
    ...missingKeys.map((name) => `  npx wrangler secret put ${name}`),
    "  npm run connect -- check (looks at Connect's side with your AWS login, and changes nothing)",
    `  npm run doctor -- ${site.origin}`,
    "  npm run deploy",
    "  npm run connect -- rehearse (two chats on the live site: has the second one the first one's history?)",
    ...(linkBy === "worker" ? ["", ABANDONED_CHATS] : []),
  ].join("\n");
}
