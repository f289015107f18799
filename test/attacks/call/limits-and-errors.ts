import { vi } from "vitest";
import { BODY_TIMEOUT_MS, MAX_TOKEN_BODY_BYTES } from "../../../src/limits.ts";
import { buildRequest, openConnection, sendRaw } from "../../worker/raw-request.ts";
import { settings } from "../../worker/settings.ts";
import { createVisitorClient } from "../../worker/visitor-client.ts";
import { type Attack } from "../attack.ts";
import { provokeRefusals } from "../provoked-refusals.ts";
import { answerText, withServer } from "../with-server.ts";
import { askContact } from "../victim.ts";
import { someAsync } from "./some-async.ts";

/** Attacks by calls that cost too much, and by what errors tell. */
export const limitAttacks: readonly Attack[] = [
  {
    name: "Has the Worker read and parse a body of a megabyte, with a length or in chunks",
    withoutGuard: {
      file: "src/limits.ts",
      from: `MAX_TOKEN_BODY_BYTES = ${MAX_TOKEN_BODY_BYTES}`,
      to: "MAX_TOKEN_BODY_BYTES = 2_000_000",
    },
    async attempt({ startBare }) {
      const { origin } = await startBare();
      const body = `{"fresh":true${" ".repeat(1_000_000)}}`;
      const headers = ["Sec-Fetch-Site: same-origin", "Content-Type: application/json"];
      const request = { method: "POST", path: "/_chat/token", host: new URL(origin).host, headers };
      const chunked = { ...request, headers: [...headers, "Transfer-Encoding: chunked"] };
      const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
      return someAsync([buildRequest({ ...request, body }), buildRequest(chunked) + chunks], async (bytes) => {
        const answer = await sendRaw(origin, bytes);
        return answer.body.includes('"token":');
      });
    },
  },
  {
    name: "Holds calls open for as long as it likes with bodies that trickle and never end",
    withoutGuard: {
      file: "src/limits.ts",
      from: `BODY_TIMEOUT_MS = ${BODY_TIMEOUT_MS}`,
      to: "BODY_TIMEOUT_MS = 600_000",
    },
    async attempt({ startBare }) {
      const { origin } = await startBare();
      const { ended, socket } = openConnection(origin);
      const head = ["Sec-Fetch-Site: same-origin", "Content-Type: application/json", "Transfer-Encoding: chunked"];
      socket.write(buildRequest({ method: "POST", path: "/_chat/token", host: "localhost", headers: head }));
      const trickle = setInterval(() => socket.write("1\r\n \r\n"), 200);
      const given = new Promise<"open">((resolve) => setTimeout(resolve, BODY_TIMEOUT_MS + 2000, "open"));
      const outcome = await Promise.race([ended, given]);
      clearInterval(trickle);
      socket.destroy();
      return outcome === "open";
    },
  },
  {
    name: "Provokes refusals and faults until a secret, a token, a ticket or a contact id stands in the log",
    withoutGuard: {
      file: "src/http/chat/call/json-body.ts",
      from: `catch {
    // The parser's own message quotes the visitor's text.
    throw new ChatError("BODY_NOT_JSON", "Cannot read a body: no JSON in UTF-8");`,
      to: `catch (error) {
    throw new ChatError("BODY_NOT_JSON", String(error));`,
    },
    async attempt({ start }) {
      const { logs, secrets } = await provokeRefusals(start);
      return secrets.some((secret) => logs.includes(secret));
    },
  },
  {
    name: "Provokes refusals and faults until an answer tells a secret, or what went wrong inside",
    withoutGuard: {
      file: "src/http/chat/call/error-response.ts",
      from: "return errorResponse(c, error.code);",
      to: "return c.json({ error: error.code, message: error.message }, STATUS[error.code]);",
    },
    async attempt({ start }) {
      const { answers, secrets } = await provokeRefusals(start);
      return [...secrets, "KV is down"].some((told) => answers.includes(told));
    },
  },
  {
    name: "Writes text of its own into the owner's log, as names of fields that do not exist",
    withoutGuard: { file: "src/http/chat/call/json-body.ts", from: 'issue.expected === "never"', to: "false" },
    async attempt({ start }) {
      const worker = await start();
      const text = "Call +1 555 0100 for help";
      await createVisitorClient(worker.origin).post("/_chat/token", { [text]: true });
      const lines = () => worker.logs.filter(({ event }) => event === "chat.refused");
      await vi.waitUntil(() => lines().length > 0, 10_000);
      return JSON.stringify(lines()).includes(text);
    },
  },
  {
    name: "Makes a preview cookie of its own, to have a chat that is not switched on yet",
    withoutGuard: {
      file: "src/http/preview/access.ts",
      from: "return (await (await usePasses()).cookies.open(cookie, now)) !== null;",
      to: "return true;",
    },
    async attempt({ start }) {
      const { origin } = await start({ MODE: "preview", PREVIEW_SECRET: settings.COOKIE_SECRET });
      const visitor = createVisitorClient(origin);
      visitor.cookie = "__Host-chat-preview=let-me-in";
      return (await askContact(visitor)) !== null;
    },
  },
  {
    name: "Sends a cookie that makes the owner's CONSENT_COOKIE pattern run for seconds",
    withoutGuard: { file: "src/core/settings/pattern.ts", from: "if (seenAt[place] === at) continue;", to: "" },
    async attempt({ startBare }) {
      const [worker, other] = [await startBare({ CONSENT_COOKIE: "consent=.*,.*,.*chat" }), await startBare()];
      const visitor = createVisitorClient(worker.origin);
      await visitor.token();
      return isOvertaken(
        () => visitor.post("/_chat/token", {}, { cookie: `consent=${",".repeat(4000)}` }),
        () => createVisitorClient(other.origin).token(),
      );
    },
  },
  {
    name: "Asks for a long address that makes an owner's path pattern run for seconds",
    withoutGuard: { file: "src/core/settings/pattern.ts", from: "if (seenAt[place] === at) continue;", to: "" },
    attempt: ({ startBare }) =>
      withServer(answerText("the shop"), async (site) => {
        const vars = { ORIGIN_URL: site.origin, SIGN_OUT_PATHS: "/*-*-*-*/sign-out" };
        const [worker, other] = [await startBare(vars), await startBare({ ORIGIN_URL: site.origin })];
        const askAt = async (origin: string, path: string) => (await fetch(origin + path)).text();
        await askAt(worker.origin, "/");
        return isOvertaken(
          () => askAt(worker.origin, `/${"-".repeat(4000)}`),
          () => askAt(other.origin, "/"),
        );
      }),
  },
];

/** Whether fifty calls of another Worker are answered, one after the other, before one call is. */
function isOvertaken(call: () => Promise<unknown>, otherCall: () => Promise<unknown>): Promise<boolean> {
  // A Worker that does not answer ends with the test.
  const answered = call().then(
    () => false,
    () => true,
  );
  const callOften = async () => {
    for (let count = 0; count < 50; count++) await otherCall();
    return true;
  };
  return Promise.race([answered, callOften()]);
}
