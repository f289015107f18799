import { vi } from "vitest";
import { signToken } from "../playground/connect/signing/sign-token.ts";
import { control } from "../worker/instrumented.ts";
import { securityKey, settings, widgetId } from "../worker/settings.ts";
import { type RunningWorker } from "../worker/start-worker.ts";
import { createVisitorClient } from "../worker/visitor-client.ts";
import { type Target } from "./attack.ts";

/** The answers and log lines of all refusals and faults that a visitor can provoke. */
export interface ProvokedRefusals {
  /** Headers and bodies of the answers. */
  readonly answers: string;
  readonly logs: string;
  /** Texts that must be in neither of the two. */
  readonly secrets: readonly string[];
}

const AWS = {
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE000000000",
  AWS_SECRET_ACCESS_KEY: "a-secret-access-key-of-the-owner",
  CONNECT_REGION: "eu-central-1",
  CONNECT_INSTANCE_ID: "0a6f3c1d-8a51-4c1e-9d6b-2f6b4f5c2e4b",
};

/** Short: a parser's message that quotes a few characters quotes all of them. */
const CONTACT_ID = "c-9041";

/** @throws {Error} When a refusal could not be provoked. */
export async function provokeRefusals(start: Target["start"]): Promise<ProvokedRefusals> {
  const worker = await start(AWS);
  const visitor = createVisitorClient(worker.origin);
  const other = createVisitorClient(worker.origin);
  const { ticket } = await visitor.token();
  await visitor.report({ ticket, contactId: CONTACT_ID });
  const { ticket: unusedTicket, token } = await visitor.token();
  const otherTicket = (await other.token()).ticket;
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: widgetId, iat: now, exp: now + 600, customerId: "c-7" };
  const forged = signToken({ claims, securityKey: "another key of forty-four characters, really" });
  const long = signToken({ claims: { ...claims, attributes: { note: "x".repeat(2000) } }, securityKey });

  const answers: string[] = [];
  let refusals = 0;
  const note = async (code: string, response: Response) => {
    const headers = [...response.headers].filter(([name]) => name !== "set-cookie");
    const body = await response.text();
    if (!body.includes(`"${code}"`)) throw new Error(`Cannot provoke ${code}: the answer is ${body}`);
    answers.push(JSON.stringify(headers), body);
    refusals += 1;
  };
  const post = async (code: string, path: string, body: unknown, headers?: Record<string, string>) =>
    note(code, await visitor.post(path, body, headers));
  const report = { ticket, contactId: CONTACT_ID, event: "started", ageSeconds: 0 };

  await post("BODY_NOT_JSON", "/_chat/contacts", `{"contactId":${CONTACT_ID},"ticket":"${ticket}"}`);
  await post("BODY_INVALID", "/_chat/contacts", { ...report, event: ticket, [ticket]: CONTACT_ID });
  await post("BODY_TOO_LARGE", "/_chat/contacts", { ...report, more: "x".repeat(3000) });
  await post("NOT_JSON_TYPE", "/_chat/contacts", report, { "content-type": `text/${CONTACT_ID}` });
  await post("CROSS_ORIGIN", "/_chat/contacts", report, { "sec-fetch-site": ticket });
  await post("TICKET_INVALID", "/_chat/contacts", { ...report, ticket: `${ticket}x` });
  await post("TICKET_NOT_YOURS", "/_chat/contacts", { ...report, ticket: otherTicket });
  await post("TICKET_USED", "/_chat/contacts", { ...report, contactId: "c-2" });
  await post("OWNER_TOKEN_INVALID", "/_chat/token", { token: forged });
  await post("TOKEN_TOO_LONG", "/_chat/token", { token: long });
  await note("CONTACT_NOT_YOURS", await other.report({ ticket: otherTicket, contactId: CONTACT_ID }));
  await control(worker, { clockOffsetSeconds: 8 * 86_400 });
  await post("TICKET_EXPIRED", "/_chat/contacts", { ...report, contactId: "c-2", ticket: unusedTicket });
  await control(worker, { kv: "fails" });
  await post("STORE_UNAVAILABLE", "/_chat/contacts", report);
  await control(worker, { mode: "off" });
  await post("SWITCHED_OFF", "/_chat/token", {});
  // By now Amazon was asked who owns the contact, and did not know.
  await waitForLines(worker, "chat.refused", refusals);
  await waitForLines(worker, "owner.unknown", 1);
  await note("METHOD_NOT_ALLOWED", await fetch(`${worker.origin}/_chat/contacts?ticket=${ticket}`));

  const brokenSecrets = { WIDGET_SECURITY_KEY: "a-short-security-key", COOKIE_SECRET: "a-short-cookie-secret" };
  const broken = await start(brokenSecrets);
  await note("MISCONFIGURED", await createVisitorClient(broken.origin).post("/_chat/token", {}));
  await waitForLines(broken, "chat.refused", 1);
  const asking = await start({ CONSENT_COOKIE: "consent=yes" });
  await note("NO_CONSENT", await createVisitorClient(asking.origin).report({ ticket, contactId: CONTACT_ID }));
  await waitForLines(asking, "chat.refused", 1);

  return {
    answers: answers.join("\n"),
    logs: JSON.stringify([worker.logs, broken.logs, asking.logs]),
    secrets: [
      ...Object.values(brokenSecrets),
      ...[visitor, other].map(({ cookie }) => cookie.slice(cookie.indexOf("=") + 1)),
      securityKey,
      settings.COOKIE_SECRET,
      AWS.AWS_SECRET_ACCESS_KEY,
      token,
      ticket,
      unusedTicket,
      otherTicket,
      forged,
      long,
      CONTACT_ID,
    ],
  };
}

/** Logs come after the answers. */
async function waitForLines(worker: RunningWorker, event: string, count: number): Promise<void> {
  await vi.waitFor(() => {
    const found = worker.logs.filter((line) => line["event"] === event).length;
    if (found < count) throw new Error(`Cannot wait for ${count} lines ${event}: found ${found}`);
  }, 10_000);
}
