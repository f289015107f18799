import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { closeServer, listen } from "../listen.ts";
import { type AlertService, checkMessage } from "./check-message.ts";

/** What the services do with a message: take it, never answer, or answer 500. */
export type AlertsHealth = "works" | "hangs" | "down";

export interface TakenMessage {
  readonly service: AlertService;
  /** As a person reads it. */
  readonly text: string;
  readonly body: string;
}

/** The stand-in for the services that an owner's alerts go to. */
export interface Alerts {
  readonly origin: string;
  /** Addresses here, in the form that each service gives to an owner. */
  readonly addresses: Readonly<Record<AlertService, string>>;
  /** What was taken, oldest first; may be emptied. */
  readonly messages: TakenMessage[];
  /** What was refused, with the reason, oldest first; may be emptied. */
  readonly refused: { service: AlertService; reason: string; body: string }[];
  /** Calls in any health, also those that were never answered. */
  readonly calls: { service: AlertService; health: AlertsHealth }[];
  behave(health: AlertsHealth): void;
  close(): Promise<void>;
}

/** Hosts of the services. A call that was meant for one of them says so in a header. */
const HOSTS: readonly (readonly [AlertService, RegExp])[] = [
  ["slack", /^hooks\.slack\.com$/],
  ["pagerduty", /^events\.(?:eu\.)?pagerduty\.com$/],
  ["teams", /\.(?:logic\.azure\.com|webhook\.office\.com|powerplatform\.com)$/],
];
const PATHS: readonly (readonly [AlertService, RegExp])[] = [
  ["slack", /^\/services\/\w+\/\w+\/\w+$/],
  ["pagerduty", /^\/v2\/enqueue$/],
  ["teams", /^\/workflows\/\w+\/triggers\/manual\/paths\/invoke$/],
];
const SUCCESS: Readonly<Record<AlertService, { status: number; body: string }>> = {
  slack: { status: 200, body: "ok" },
  teams: { status: 202, body: "" },
  pagerduty: { status: 202, body: JSON.stringify({ status: "success", message: "Event processed" }) },
};

/** @param options.port 0 = any free port. */
export async function startAlerts({ port = 0 }: { readonly port?: number } = {}): Promise<Alerts> {
  let health: AlertsHealth = "works";
  const messages: TakenMessage[] = [];
  const refused: Alerts["refused"] = [];
  const calls: Alerts["calls"] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const answer = take(request, body);
      if (answer !== null) response.writeHead(answer.status).end(answer.body);
    });
  });

  const take = ({ headers, method, url = "" }: IncomingMessage, body: string) => {
    const service = findService(String(headers["x-addressed-host"] ?? ""), url);
    if (service === null) return { status: 404, body: "no_service" };
    calls.push({ service, health });
    if (health === "hangs") return null;
    if (health === "down") return { status: 500, body: "rollup_error" };
    const reason = findProblem(method, headers["content-type"]);
    const checked = reason === null ? checkMessage(service, body) : { refusal: reason };
    if ("refusal" in checked) {
      refused.push({ service, reason: checked.refusal, body });
      return { status: 400, body: checked.refusal };
    }
    messages.push({ service, text: checked.text, body });
    return SUCCESS[service];
  };

  const origin = `http://127.0.0.1:${await listen(server, port)}`;
  return {
    origin,
    addresses: {
      slack: `${origin}/services/T00000000/B00000000/playgroundplaygroundplay`,
      teams: `${origin}/workflows/playground/triggers/manual/paths/invoke?sig=playground`,
      pagerduty: `${origin}/v2/enqueue`,
    },
    messages,
    refused,
    calls,
    behave(next) {
      health = next;
    },
    close: () => closeServer(server),
  };
}

function findService(host: string, url: string): AlertService | null {
  const { pathname } = new URL(url, "http://localhost");
  const known = host === "" ? PATHS : HOSTS;
  return known.find(([, pattern]) => pattern.test(host === "" ? pathname : host))?.[0] ?? null;
}

function findProblem(method: string | undefined, contentType = ""): string | null {
  if (method !== "POST") return `expected a POST, found a ${method}`;
  if (!/^application\/json\b/.test(contentType)) return `expected application/json, found ${contentType || "no type"}`;
  return null;
}
