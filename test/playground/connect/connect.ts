import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { closeServer, listen } from "../listen.ts";
import { type Agent, createAgent, createAgentApi, type Faults, type Shop } from "./api/agent-api.ts";
import { createAgentPage } from "./api/agent-page.ts";
import { createAwsApi } from "./aws/aws-api.ts";
import { createAdmit } from "./aws/callers.ts";
import { createAssociate } from "./contacts/association.ts";
import { bundleForBrowser, renderClientScript } from "./browser-scripts.ts";
import { type Change, type ContactView } from "./contacts/contact.ts";
import { Contacts } from "./contacts/contacts.ts";
import { type Exchange, replyFile, replyJson } from "./api/exchange.ts";
import { noFaults, type PlantedFaults } from "../faults/planted-faults.ts";
import { type AwsConsole, createConsole } from "./console/aws-console.ts";
import { type AccessKey, type ServiceAccess } from "./console/access.ts";
import { createFlowRunner } from "./flow/flow-runner.ts";
import { createParticipantApi } from "./participant/participant-api.ts";
import { type ServiceAction } from "./service/operations.ts";
import { createServiceApi, type ServiceCall } from "./service/service-api.ts";
import { type ServiceHealth } from "./service/service-health.ts";
import { buildSnippet } from "./snippet.ts";
import { readStateFile, writeStateFile } from "./contacts/state-file.ts";
import { defaultSwitches, type Switches } from "./switches.ts";
import { createWidgetApi } from "./api/widget-api.ts";

export type { ContactView } from "./contacts/contact.ts";
export type { AccessKey, ServiceAccess } from "./console/access.ts";

const CLIENT_PATH = "/connectwidget/static/amazon-connect-chat-interface-client.js";
const EXPIRY_CHECK_MS = 1_000;
/** No host belongs to an empty region, so every call is refused. */
const NOBODY: ServiceAccess = { region: "", instanceId: "", accessKeyId: "", secretAccessKey: "" };

export interface ConnectOptions {
  /** 0 = any free port; listens on 127.0.0.1. */
  port: number;
  widgetId: string;
  snippetId: string;
  /** 44 characters; their UTF-8 bytes sign. */
  securityKey: string;
  /** Earlier keys that are still valid after a rotation. */
  previousSecurityKeys?: string[];
  /** Exact origins, such as "http://localhost:8787". */
  allowedOrigins: string[];
  /** Time from a session's end until it can be linked (in Connect: 30 to 60 s). */
  transcriptDelaySeconds: number;
  /** The Worker's key; absent = nobody may call the service API. */
  access?: ServiceAccess;
  /** The owner's login; absent = the owner has none. */
  ownerAccess?: AccessKey;
  flow?: { contactAttribute?: string };
  /** May be changed: takes effect from the next call on; absent = none. */
  planted?: PlantedFaults;
  /** File that keeps the contacts for the next run; absent = they are lost. */
  stateFile?: string;
  /** The time in seconds; absent = the machine's. */
  now?: () => number;
  /** Moves the clock of `now`; absent = the agent page cannot move it. */
  moveClock?: (ms: number) => Promise<void>;
}

export interface Connect {
  origin: string;
  /** The snippet that an owner copies from the Connect console. */
  snippet: string;
  /** May be changed: takes effect from the next page, call or link on. */
  switches: Switches;
  allowedOrigins: string[];
  /** The shops that the agent page links to; may be changed. */
  shops: Shop[];
  /** What the owner has set up at AWS; may be changed. */
  console: AwsConsole;
  /** The state of the service API; may be changed. */
  service: ServiceHealth;
  /** The state of one of its actions alone; may be changed. */
  readonly actionHealth: Map<ServiceAction, ServiceHealth>;
  /** Calls of the service API, oldest first; may be emptied. */
  readonly serviceCalls: ServiceCall[];
  /** What the owner's login has called, such as `iam:SimulatePrincipalPolicy`, oldest first; may be emptied. */
  readonly ownerCalls: string[];
  /** All contacts, also later segments, newest first. */
  contacts(): ContactView[];
  agent: Agent;
  close(): Promise<void>;
}

/**
 * Starts the stand-in Amazon Connect.
 *
 * @throws {Error} `EADDRINUSE` when the port is taken; also when the state file cannot be read.
 */
export async function startConnect(options: ConnectOptions): Promise<Connect> {
  const now = options.now ?? (() => Date.now() / 1000);
  const switches: Switches = { ...defaultSwitches };
  const { planted = { ...noFaults }, transcriptDelaySeconds } = options;
  const allowedOrigins = [...options.allowedOrigins];
  const clientBundle = bundleForBrowser("client/main.ts");
  const records = options.stateFile === undefined ? [] : readStateFile(options.stateFile);
  const contacts = new Contacts(records, onChange);
  const faults: Faults = { isNextLinkSpoilt: false };
  const agent = createAgent(contacts, faults, now);
  const shops: Shop[] = [];
  const access = options.access ?? NOBODY;
  const awsConsole = createConsole(access, options.flow?.contactAttribute ?? "contactId");
  const ownerCalls: string[] = [];
  const onOwnerCall = (action: string) => void ownerCalls.push(action);

  const participantApi = createParticipantApi(contacts, switches, now);
  const associate = createAssociate({ contacts, switches, faults, transcriptDelaySeconds, now });
  const flows = createFlowRunner({ access, console: awsConsole, contacts, switches, associate, now });
  const admit = createAdmit({ access, ownerAccess: options.ownerAccess ?? null, console: awsConsole, now });
  const service = createServiceApi(
    { access, console: awsConsole, contacts, switches, associate, transcriptDelaySeconds, now },
    admit,
    onOwnerCall,
  );
  const awsApi = createAwsApi({ access, admit, console: awsConsole, actionHealth: service.actionHealth, onOwnerCall });
  const moveClock = options.moveClock ?? null;
  const agentApi = createAgentApi({
    agent,
    contacts,
    switches,
    faults,
    planted,
    service,
    shops,
    transcriptDelaySeconds,
    now,
    moveClock,
  });
  const agentPage = createAgentPage();
  const widgetApi = createWidgetApi({
    widget: {
      widgetId: options.widgetId,
      snippetId: options.snippetId,
      securityKeys: [options.securityKey, ...(options.previousSecurityKeys ?? [])],
      allowedOrigins,
    },
    switches,
    planted,
    contacts,
    now,
    onStart: (contact) => void flows.start(contact),
  });

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(toError(error)));
  });
  const origin = `http://localhost:${await listen(server, options.port)}`;
  const expiry = setInterval(() => contacts.expire(now()), EXPIRY_CHECK_MS);
  for (const contact of contacts.unfinishedFlows()) void flows.start(contact);

  return {
    origin,
    snippet: buildSnippet(origin + CLIENT_PATH, options.widgetId, options.snippetId),
    switches,
    allowedOrigins,
    shops,
    console: awsConsole,
    get service() {
      return service.health;
    },
    set service(health) {
      service.health = health;
    },
    actionHealth: service.actionHealth,
    serviceCalls: service.calls,
    ownerCalls,
    contacts() {
      contacts.expire(now());
      return contacts.views();
    },
    agent,
    close() {
      clearInterval(expiry);
      flows.close();
      return closeServer(server);
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = toExchange(request, response);
    contacts.expire(now());
    if (exchange.path === CLIENT_PATH && planted.clientScript === "404") {
      response.writeHead(404, { "content-type": "text/plain", "cache-control": "no-store" }).end("Not Found");
      return;
    }
    if (exchange.path === CLIENT_PATH) {
      replyFile(exchange, "text/javascript", renderClientScript(clientBundle, switches));
      return;
    }
    if (await widgetApi.answer(exchange)) return;
    if (await participantApi.answer(exchange)) return;
    if (await awsApi.answer(exchange)) return;
    if (await service.answer(exchange)) return;
    if (await agentApi.answer(exchange)) return;
    if (agentPage.answer(exchange)) return;
    replyJson(exchange, 404, { message: "There is nothing here." });
  }

  function onChange(change: Change): void {
    if (options.stateFile !== undefined) writeStateFile(options.stateFile, contacts.records());
    participantApi.publish(change);
    agentApi.publish();
    if (change.type === "message" && change.message.from === "customer") flows.customerWrote(change.initialContactId);
  }
}

function toExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  return { request, response, method: request.method ?? "GET", path: pathname };
}

function toError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}
