import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { buildContactFlow } from "./contact-flow.ts";
import { type ConnectAction } from "../../adapters/connect-api.ts";
import { CONTEXT_ATTRIBUTES, type ContextKind } from "../../core/chat/context/context.ts";
import { type LinkBy } from "../../core/chat/continuation.ts";
import { RESERVED_ATTRIBUTES } from "../../core/chat/reserved-attributes.ts";
import { buildIamPolicy, type ConnectInstance, toIamName } from "./iam-policy.ts";
import {
  attributeKey,
  awsRegion,
  contextKinds,
  instanceId as instanceIdSchema,
  oneOf,
  variableLike,
} from "../../core/settings/schemas.ts";
import { EXIT, type ExitCode, Misuse, print, runCommand, TEXT, type Values } from "../shared/command-line.ts";
import { type LinkSettings, listNeededActions } from "../shared/needed-actions.ts";
import { readVariables } from "../shared/wrangler-config.ts";

const FOLDER = ".connect";
const FLOW_FILE = join(FOLDER, "contact-flow.json");
const POLICY_FILE = join(FOLDER, "iam-policy.json");

const POLICY_OPTIONS = `--user-name <user> --policy-name persistent-chat-edge --policy-document file://${POLICY_FILE}`;

const FLOW_STEPS = [
  "Next, in Amazon Connect:",
  "- With your AWS login: npm run connect -- install makes the flow; with --into <flow> it puts the blocks into yours.",
  '- By hand: import the file, see .github/OPERATING.md, "The contact flow by hand".',
  "- You want no flow for this: with an AWS key, the Worker can link the chats (LINK_BY=worker).",
];

const USAGE = `Usage: npm run flow -- [options]

Writes two files: ${FLOW_FILE}, the contact flow to import into Amazon Connect, and
${POLICY_FILE}, the policy for the Worker's AWS key. With LINK_BY=worker no flow is
needed: then only the policy is written. An option overrides wrangler.toml.

  --link-by <flow|worker>    who links a chat to the past one (LINK_BY)
  --end-abandoned <0|1>      1: the Worker ends abandoned chats (END_ABANDONED)
  --contact-attribute <key>  attribute with the past contact id (CONTACT_ATTRIBUTE)
  --region <region>          region of the Connect instance (CONNECT_REGION)
  --instance <id>            id of the instance, the end of its ARN (CONNECT_INSTANCE_ID)
  --account <id>             AWS account of the instance, 12 digits
  --env <name>               environment of wrangler.toml

Exit codes: 0 done, 1 failed, 2 misuse`;

const OPTIONS = {
  "link-by": TEXT,
  "end-abandoned": TEXT,
  "contact-attribute": TEXT,
  region: TEXT,
  instance: TEXT,
  account: TEXT,
  env: TEXT,
} as const;

await runCommand({ name: "flow", usage: USAGE, options: OPTIONS, run: writeFiles });

type Options = Values<typeof OPTIONS>;

interface Settings {
  readonly contactAttribute: string;
  readonly linkBy: LinkBy;
  readonly context: readonly ContextKind[];
  readonly actions: readonly ConnectAction[];
  /** `null`: region or id is not known. */
  readonly instance: ConnectInstance | null;
}

/** @throws {Misuse} With every problem at once. */
function readSettings(options: Options): Settings {
  const vars = readVariables(options.env);
  const problems: string[] = [];
  const read = <T extends string | readonly ContextKind[]>(
    option: keyof Options | null,
    name: string | null,
    schema: v.GenericSchema<unknown, T>,
  ): T | "" => {
    const given = option === null ? undefined : options[option];
    const result = v.safeParse(schema, given ?? (name === null ? undefined : vars[name]));
    if (result.success) return result.output;
    problems.push(`${given === undefined ? name : `--${option}`}: ${result.issues[0].message}`);
    return "";
  };
  const ofVisitor = attributeKey("persistentChatVisitor", RESERVED_ATTRIBUTES);
  const visitorAttribute = read(null, "VISITOR_ATTRIBUTE", ofVisitor);
  const attribute = attributeKey("contactId", [...RESERVED_ATTRIBUTES, visitorAttribute]);
  const contactAttribute = read("contact-attribute", "CONTACT_ATTRIBUTE", attribute);
  const linkBy = read("link-by", "LINK_BY", oneOf("flow", "worker")) || "flow";
  const endAbandoned = read("end-abandoned", "END_ABANDONED", oneOf("0", "1")) === "1";
  const context = read(null, "CONTEXT", contextKinds()) || [];
  const region = read("region", "CONNECT_REGION", awsRegion());
  const instanceId = read("instance", "CONNECT_INSTANCE_ID", instanceIdSchema());
  const account = read("account", null, variableLike("", /^\d{12}$/, "an AWS account id of 12 digits"));
  if (problems.length === 0) problems.push(...findClashes({ linkBy, endAbandoned }, { region, instanceId }));
  if (problems.length > 0) throw new Misuse(problems.join("\n"));
  const accountId = account === "" ? null : account;
  return {
    contactAttribute,
    linkBy,
    context,
    actions: listNeededActions({ linkBy, endAbandoned }),
    instance: region && instanceId ? { region, accountId, instanceId } : null,
  };
}

function findClashes(
  { linkBy, endAbandoned }: LinkSettings,
  { region, instanceId }: Pick<ConnectInstance, "region" | "instanceId">,
): string[] {
  if (linkBy === "flow") return endAbandoned ? ["END_ABANDONED: expected 0, or LINK_BY=worker as well, found 1"] : [];
  return [
    ...(region === "" ? ["CONNECT_REGION: expected the region for LINK_BY=worker, found nothing"] : []),
    ...(instanceId === "" ? ["CONNECT_INSTANCE_ID: expected the id for LINK_BY=worker, found nothing"] : []),
  ];
}

async function writeFiles(options: Options): Promise<ExitCode> {
  const { actions, contactAttribute, context, instance, linkBy } = readSettings(options);
  await mkdir(FOLDER, { recursive: true });
  if (linkBy === "flow") {
    await writeJson(FLOW_FILE, buildContactFlow({ contactAttribute }));
    print(`${FLOW_FILE}: reads the past contact id from ${contactAttribute}`);
  }
  if (instance === null) {
    print(
      `${POLICY_FILE}: not written. With an AWS key you need it: npm run flow -- --region <region> --instance <id>`,
    );
  } else {
    await writeJson(POLICY_FILE, buildIamPolicy(instance, actions));
    const narrower = instance.accountId === null ? ", in any account (--account names one)" : "";
    print(`${POLICY_FILE}: allows a key, on the contacts of instance ${instance.instanceId}${narrower},`);
    print(actions.map((action) => `  ${toIamName(action)}`).join("\n"));
  }
  print(["", ...renderSteps(linkBy, instance !== null), ...renderContextSteps(context)].join("\n"));
  return EXIT.done;
}

function renderSteps(linkBy: LinkBy, hasPolicy: boolean): string[] {
  const command = `  aws iam put-user-policy ${POLICY_OPTIONS}`;
  if (linkBy === "flow") {
    return [...FLOW_STEPS, ...(hasPolicy ? ["And in AWS, for the user whose key the Worker has:", command] : [])];
  }
  return [
    "No contact flow is needed: the Worker links the chats (LINK_BY=worker). A flow with the four blocks may keep them:",
    "they do nothing then.",
    "",
    "Next, in AWS, for the user whose key the Worker has:",
    command,
  ];
}

/** How agents see what CONTEXT tells them. */
function renderContextSteps(context: readonly ContextKind[]): string[] {
  if (context.length === 0) return [];
  return [
    "",
    `For your agents (CONTEXT), each chat has: ${context.map((kind) => CONTEXT_ATTRIBUTES[kind]).join(", ")}.`,
    "- As a view: put Set event flow into the widget's flow, with a flow of yours as the default flow for agent UI.",
    "  That flow has one block, Show view, with these attributes in the fields of a Detail view.",
    "- As a screen pop: your own desk or app reads them with getAttributes().",
    '- The steps: .github/OPERATING.md, "Where the visitor is". No flow may decide by them: the visitor says most of them.',
  ];
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
