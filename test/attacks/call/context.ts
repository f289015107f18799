import { CONTEXT_HEADER } from "../../../src/core/chat/context/said-context.ts";
import { MAX_CONTEXT_HEADER_CHARS } from "../../../src/limits.ts";
import { claimsOf, createVisitorClient } from "../../worker/visitor-client.ts";
import { type Attack, type Target } from "../attack.ts";
import { CONTACT_ID, signOwnerToken } from "../victim.ts";

/** Attacks by what a page says of where its visitor is. */
export const contextAttacks: readonly Attack[] = [
  {
    name: "Names attributes of ours in what its page says: a stranger's contact id, a visitor key",
    withoutGuard: [
      {
        file: "src/core/chat/context/said-context.ts",
        from: '    page: read("page").startsWith',
        to: '    ...Object.fromEntries(said),\n    page: read("page").startsWith',
      },
      { file: "src/core/chat/context/context.ts", from: "new Map(kinds.map(", to: "new Map(Object.keys(known).map(" },
      { file: "src/core/chat/context/context.ts", from: "CONTEXT_ATTRIBUTES[kind], value", to: "kind, value" },
      { file: "src/http/chat/token.ts", from: "{ ...more, ...ours }", to: "{ ...ours, ...more }" },
    ],
    async attempt({ start }) {
      const names = ["contactId", "contactIdFallback", "chatContinue", "persistentChatVisitor"];
      const told = await tell(start, Object.fromEntries(names.map((name) => [name, CONTACT_ID])));
      return names.some((name) => told?.[name] === CONTACT_ID);
    },
  },
  {
    name: "Writes lines, marks and tags into the trail or the title, so that its agent reads what nobody has said",
    withoutGuard: {
      file: "src/core/chat/context/context.ts",
      from: 'cleanText(known[kind] ?? "") || NOTHING',
      to: "known[kind] || NOTHING",
    },
    async attempt({ start }) {
      const title = "Tea\n\u2028Verified customer: yes <script>\u202eyes";
      const told = await tell(start, { title, trail: "60000 /tea\u202e<b>verified</b> 0" });
      return /[\n\u2028\u202e<>]/.test(`${told?.["chatPageTitle"]}${told?.["chatTrail"]}`);
    },
  },
  {
    name: "Says tens of kilobytes with each call, so that the Worker reads and cleans them",
    withoutGuard: {
      file: "src/core/chat/context/said-context.ts",
      from: 'header.length > MAX_CONTEXT_HEADER_CHARS ? "" : header',
      to: "header",
    },
    async attempt({ start }) {
      const told = await tell(start, { title: "x".repeat(MAX_CONTEXT_HEADER_CHARS) });
      return told?.["chatPageTitle"] !== "none";
    },
  },
  {
    name: "Gives a page so long a title, by a product's name for example, that no token fits and the page has no chat",
    withoutGuard: [
      { file: "src/core/chat/context/context.ts", from: "if (fits(toAttributes(left))) break;", to: "break;" },
      { file: "src/core/chat/context/context.ts", from: "context.size === 0 || fits(attributes)", to: "true" },
    ],
    async attempt({ start }) {
      const token = signOwnerToken({ attributes: { note: "x".repeat(1200) } });
      return (await tell(start, { title: "緑".repeat(250) }, { token })) === null;
    },
  },
];

/** The attributes of a token for a page that says this; `null` where there is no token. */
async function tell(
  start: Target["start"],
  said: Readonly<Record<string, string>>,
  body: object = {},
): Promise<Record<string, string> | null> {
  const { origin } = await start({ CONTEXT: "page title trail" });
  const headers = { [CONTEXT_HEADER]: String(new URLSearchParams(said)) };
  const answer = await createVisitorClient(origin).post("/_chat/token", body, headers);
  const { token }: { token?: string } = await answer.json();
  return token === undefined ? null : claimsOf(token).attributes;
}
