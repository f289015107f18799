import { control, observe } from "../../worker/instrumented.ts";
import { type RunningWorker } from "../../worker/start-worker.ts";
import { type Attack } from "../attack.ts";
import { someAsync } from "./some-async.ts";

const VISITOR = "192.0.2.77";
const TOLD = { outcomes: ["client-failed"], version: "0.1.0" };

/** Attacks by what browsers tell of the chat. */
export const outcomeAttacks: readonly Attack[] = [
  {
    name: "Writes text of its own into the owner's figures and log, as an outcome or a version",
    withoutGuard: [
      { file: "src/http/chat/outcomes.ts", from: "v.picklist(OUTCOME_WORDS)", to: "v.string()" },
      {
        file: "src/http/chat/outcomes.ts",
        from: String.raw`v.regex(/^\d{1,4}(?:\.\d{1,4}){2}$/)`,
        to: "v.minLength(1)",
      },
    ],
    async attempt({ start }) {
      const worker = await start();
      const text = "call 555-0100 for a refund";
      const bodies = [
        { ...TOLD, outcomes: [text] },
        { ...TOLD, version: text },
      ];
      return someAsync(bodies, async (body) => {
        await tell(worker, body);
        return JSON.stringify([worker.logs, await readCounted(worker)]).includes(text);
      });
    },
  },
  {
    name: "Has the visitors of another site tell of failures here, from thousands of addresses",
    withoutGuard: {
      file: "src/app.ts",
      from: "requireSameOrigin, withServices(rateLimited(postOutcomes))",
      to: "withServices(rateLimited(postOutcomes))",
    },
    async attempt({ start }) {
      const worker = await start();
      await tell(worker, TOLD, { "sec-fetch-site": "cross-site" });
      return (await readCounted(worker)).some((counted) => counted.includes("client-failed"));
    },
  },
  {
    name: "Finds a visitor's address behind a number in the figures, with a copy of the Worker and a list of all addresses",
    withoutGuard: {
      file: "src/http/chat/services.ts",
      from: "createNetworkNumbers(secrets[0])",
      to: "createNetworkNumbers(new Uint8Array(32))",
    },
    async attempt({ start }) {
      const own = await start({ COOKIE_SECRET: Buffer.from("b".repeat(32)).toString("base64url") });
      return (await readNumber(await start())) === (await readNumber(own));
    },
  },
  {
    name: "Follows a visitor through the day in the figures, by the number of their network",
    withoutGuard: { file: "src/adapters/network-numbers.ts", from: "Math.floor(now / HOUR_SECONDS)", to: "0" },
    async attempt({ start }) {
      const worker = await start();
      return (await readNumber(worker)) === (await readNumber(worker, { clockOffsetSeconds: 3600 }));
    },
  },
];

function tell({ origin }: RunningWorker, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${origin}/_chat/outcomes`, {
    method: "POST",
    headers: { "content-type": "application/json", "sec-fetch-site": "same-origin", ...headers },
    body: JSON.stringify(body),
  });
}

async function readCounted(worker: RunningWorker): Promise<readonly string[]> {
  return (await observe(worker)).counted;
}

/** The number of the visitor's network that the figures have. */
async function readNumber(worker: RunningWorker, changes: Parameters<typeof control>[1] = {}): Promise<string> {
  await control(worker, changes);
  await tell(worker, TOLD, { "cf-connecting-ip": VISITOR });
  const [counted = ""] = await readCounted(worker);
  const number = counted.split(" ").at(-1) ?? "";
  if (!/^[\da-f]{4}$/.test(number)) throw new Error(`Found no number in ${JSON.stringify(counted)}`);
  return number;
}
