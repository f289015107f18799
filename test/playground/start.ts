// `npm start`: everything there is to see, on this machine.
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import { parseEnv } from "node:util";
import { readOwnWidget } from "./own-widget.ts";
import { access, ownerAccess, startPlayground } from "./playground.ts";

const STATE_DIR = process.env["STATE_DIR"] ?? join(import.meta.dirname, "../../.connect/playground");
const TRANSCRIPT_DELAY_SECONDS = 20;
/** Settings of the Worker that count here too when the environment has them. */
const SETTINGS = [
  "CARRY_OVER",
  "CARRY_OVER_MINUTES",
  "CONSENT_COOKIE",
  "CONSENT_LOAD",
  "CONTEXT",
  "END_ABANDONED",
  "LINK_BY",
  "LOAD_WIDGET",
  "LOG_LEVEL",
  "MODE",
  "OUTCOMES",
  "RESUME_MINUTES",
  "RETENTION_DAYS",
];
/** Secrets of `npm run setup` that count here as they are: so preview links work. */
const SECRETS = ["COOKIE_SECRET", "PREVIEW_SECRET"];

const port = Number(process.env["PORT"] ?? 8787);
if (!Number.isInteger(port) || port < 1 || port > 65_532) {
  console.error(`Cannot start: PORT is ${process.env["PORT"]}, expected a number from 1 to 65532.`);
  process.exit(1);
}
for (const wanted of [port, port + 1, port + 2, port + 3]) {
  if (await isFree(wanted)) continue;
  console.error(
    `Cannot start: port ${wanted} is taken. Stop what uses it, or choose others: PORT=${port + 100} npm start`,
  );
  process.exit(1);
}

console.log("Starting the shop, the stand-in Amazon Connect and the Worker …");
const kept = existsSync(".dev.vars") ? parseEnv(readFileSync(".dev.vars", "utf8")) : {};
const vars = {
  ...Object.fromEntries(SECRETS.flatMap((name) => (kept[name] ? [[name, kept[name]]] : []))),
  SIGN_OUT_PATHS: "/account/sign-out",
  CONTEXT: "page title trail referrer language country device error",
  // So that the situation of signing in can be tried.
  CARRY_OVER: "1",
  // So that `npm run report` has pages to count.
  LOG_LEVEL: "debug",
  ...Object.fromEntries(SETTINGS.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
};
const widget = readOwnWidget(kept);
const playground = await startPlayground({
  port,
  transcriptDelaySeconds: TRANSCRIPT_DELAY_SECONDS,
  stateDir: STATE_DIR,
  aws: true,
  vars,
  ...(typeof widget === "object" && widget !== null && { widget }),
});
const { connect, site, worker } = playground;
const customers = await playground.addWorker({
  port: port + 3,
  hostname: "127.0.0.1",
  customers: true,
  aws: true,
  vars,
});
const SNIPPET_FILE = join(STATE_DIR, "snippet.html");
await mkdir(STATE_DIR, { recursive: true });
await writeFile(SNIPPET_FILE, connect.snippet);
// An owner's own widget is in .dev.vars.
const snippetWord =
  typeof widget === "object" && widget !== null
    ? ""
    : `WIDGET_SNIPPET="$(cat ${relative(process.cwd(), SNIPPET_FILE)})" `;
console.log(`
  The shop, with persistent chat   ${worker.origin}
  The same, with customers         ${customers.origin}/account
  The agent's desk                 ${connect.origin}/agent
  Situations to try                ${connect.origin}/agent/try
  How Connect behaves              ${connect.origin}/agent/switches
  Faults to plant                  ${connect.origin}/agent/faults
  The shop without the Worker      ${site.origin}
${describeWidget()}
  Try it
    1. Open the shop, click on the chat button and write something.
    2. Answer at the agent's desk.
    3. Click on "End chat" in the shop, and wait ${TRANSCRIPT_DELAY_SECONDS} seconds: the transcript needs that long here.
    4. Chat again: shop and agent both see the earlier conversation.
    5. Check what the owner sets up at Amazon Connect, as the owner of this stand-in:
       ${describeCommand(`check ${worker.origin}`)}
    6. Rehearse two chats, in about 2 minutes:
       ${snippetWord}${describeCommand(`rehearse ${worker.origin} --without-agent`)}
    7. Plant a fault, open pages of the shop and leave them. Then see what an owner is told:
       npm run report -- --playground --html

  Ctrl-C stops it. Chats and visitors are kept in .connect/playground for the next start.
`);

let isStopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // Miniflare's own listener would end this process before anything is closed.
  process.removeAllListeners(signal);
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    console.log("\nStopping …");
    void playground.close().then(() => process.exit(0));
  });
}

function describeWidget(): string {
  if (widget === null) return "";
  if (typeof widget === "string") return `\n  Your snippet in .dev.vars is not shown here: ${widget}.\n`;
  return `\n  The widget is yours, from .dev.vars, with the stand-in's client in place of Amazon's.\n`;
}

/** Nothing real: the login of the stand-in's owner. */
function describeCommand(command: string): string {
  const login = `AWS_ACCESS_KEY_ID=${ownerAccess.accessKeyId} AWS_SECRET_ACCESS_KEY=${ownerAccess.secretAccessKey}`;
  const where = `--region ${access.region} --instance ${access.instanceId} --endpoint ${connect.origin}`;
  return `${login} \\\n       npm run connect -- ${command} ${where}`;
}

function isFree(wanted: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(wanted, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
