import { EXIT, type ExitCode, FLAG, Misuse, print, runCommand, TEXT, type Values } from "../shared/command-line.ts";
import { CHECK_ACTIONS, check } from "./check/check.ts";
import { openContext } from "./context.ts";
import { INSTALL_ACTIONS, install } from "./install/install.ts";
import { REHEARSE_ACTIONS, rehearse } from "./rehearse/rehearse.ts";

const USAGE = `Usage: npm run connect -- <command> [address of the site] [options]

Looks at Amazon Connect's side with your own AWS login, as the AWS command line has it. The
login is never stored. At most 2 requests a second are sent.

  check      looks at the instance, its transcripts, flows, quotas and the Worker's AWS key, and
             says what is wrong. Changes nothing.
  install    makes the contact flow, or puts its blocks into a flow of yours (LINK_BY=flow)
  rehearse   plays a customer who chats twice, on the live site, and says whether the second
             chat continues the first. Takes about 4 minutes; an agent may see the chats.

  --profile <name>     profile of your AWS login (default: the AWS default chain)
  --region <region>    region of the instance (default: CONNECT_REGION)
  --instance <name>    its id, ARN or alias (default: CONNECT_INSTANCE_ID, or the only one)
  --print-policy       print what the command must be allowed to do, as an IAM policy
  --json               check: print everything as JSON
  --flow <name>        check: the contact flow to look at (default: those that link chats)
  --queue <name>       install: the queue where the chats wait: its name, id or ARN
  --name <name>        install: another name for the flow than "Persistent chat"
  --into <flow>        install: put the blocks into this flow, after showing the change
  --remove             install: take back what install has made
  --without-agent      rehearse: no agent takes part: the command ends the chats itself
  --yes                do not ask: install --into and --remove, rehearse
  --env <name>         environment of wrangler.toml
  --endpoint <url>     a stand-in for AWS, such as the one of npm start

Exit codes: 0 fine, 1 something blocks or failed, 2 misuse`;

const OPTIONS = {
  profile: TEXT,
  region: TEXT,
  instance: TEXT,
  "print-policy": FLAG,
  json: FLAG,
  flow: TEXT,
  queue: TEXT,
  name: TEXT,
  into: TEXT,
  remove: FLAG,
  "without-agent": FLAG,
  yes: FLAG,
  env: TEXT,
  endpoint: TEXT,
} as const;

type ConnectOptions = Values<typeof OPTIONS>;

/** What a command does, which options only it takes, and which actions of AWS it needs. */
const COMMANDS = {
  check: { run: check, own: ["json", "flow"], actions: CHECK_ACTIONS },
  install: { run: install, own: ["queue", "name", "into", "remove", "yes"], actions: INSTALL_ACTIONS },
  rehearse: { run: rehearse, own: ["without-agent", "yes"], actions: REHEARSE_ACTIONS },
} as const;
const OWN_OPTIONS: readonly (keyof ConnectOptions)[] = Object.values(COMMANDS).flatMap(({ own }) => own);

await runCommand({ name: "connect", usage: USAGE, options: OPTIONS, allowPositionals: true, run });

async function run(options: ConnectOptions, [name = "", ...rest]: readonly string[]): Promise<ExitCode> {
  if (!isCommand(name)) {
    throw new Misuse(`Expected check, install or rehearse, found ${name === "" ? "nothing" : `"${name}"`}.`);
  }
  const { actions, own, run: runOne } = COMMANDS[name];
  const foreign = OWN_OPTIONS.find((option) => !isAmong(own, option) && Boolean(options[option]));
  if (foreign !== undefined) throw new Misuse(`--${foreign}: ${name} has no such option.`);
  if (options["print-policy"]) {
    print(JSON.stringify(buildOwnPolicy(actions), null, 2));
    return EXIT.done;
  }
  const context = await openContext(options, rest);
  try {
    return await runOne(context);
  } finally {
    context.aws.close();
  }
}

function isCommand(name: string): name is keyof typeof COMMANDS {
  return Object.hasOwn(COMMANDS, name);
}

function isAmong(names: readonly string[], name: string): boolean {
  return names.includes(name);
}

/** The policy for the owner's own login. Most of these actions know no narrower resource. */
function buildOwnPolicy(actions: readonly string[]): object {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] };
}
