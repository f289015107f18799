import { UpdateContactFlowContentCommand } from "@aws-sdk/client-connect";
import { REHYDRATION_TYPES, type RehydrationType } from "../../flow/contact-flow.ts";
import { print } from "../../shared/command-line.ts";
import { toPrintableLine } from "../../shared/printable.ts";
import { AwsProblem } from "../aws/aws-problem.ts";
import { type Connection } from "../flows/list-flows.ts";
import { readPublished, readSaved } from "../flows/read-flow.ts";

/** The tag by which a later run knows a flow that install has made. */
export const OWN_TAG = { "persistent-chat-edge": "install" } as const;

/** A flow as Connect stores it. */
export interface StoredFlow {
  /** What chats run; `null`: it was never published. */
  readonly published: string | null;
  /** What the designer shows; the same as `published`, unless somebody has saved a change. */
  readonly saved: string;
  /** Whether install has made it. */
  readonly isOwn: boolean;
}

export async function readFlow(connection: Connection, id: string): Promise<StoredFlow> {
  const latest = await readPublished(connection, id);
  const saved = await readSaved(connection, id, latest !== null);
  const { Content = "", Tags = {} } = latest ?? saved ?? {};
  return {
    published: latest === null ? null : Content,
    saved: saved?.Content ?? Content,
    isOwn: Object.entries(OWN_TAG).every(([key, value]) => Tags[key] === value),
  };
}

/** What Connect said to a content. What it found wrong was printed. */
export type Published =
  | { readonly kind: "published"; readonly spelling: RehydrationType }
  | {
      readonly kind: "refused";
      /** Whether it is the same flow in each spelling: what is wrong is something else. */
      readonly isOneSpelling: boolean;
    };

/** What to tell the owner of a refusal. */
export function toRefusal({ isOneSpelling }: Extract<Published, { kind: "refused" }>): string {
  return isOneSpelling ? "Connect refuses the flow" : "Connect takes neither spelling of RehydrationType";
}

/**
 * Publishes a flow, so that Connect validates it: with one spelling of the entire past session, or else with the other.
 *
 * Without the alias `$SAVED`, UpdateContactFlowContent changes what chats run.
 *
 * @param build The content with a spelling. Where both are the same, Connect is asked once.
 */
export async function publishFlow(
  connection: Connection,
  id: string,
  build: (spelling: RehydrationType) => string,
): Promise<Published> {
  const contents = REHYDRATION_TYPES.map((spelling) => ({ spelling, content: build(spelling) }));
  const isOneSpelling = new Set(contents.map(({ content }) => content)).size === 1;
  for (const { content, spelling } of isOneSpelling ? contents.slice(0, 1) : contents) {
    const found = await tryToPublish(connection, id, content);
    if (found === null) return { kind: "published", spelling };
    const withWhat = isOneSpelling ? "" : ` with RehydrationType "${spelling}"`;
    print([`Connect refuses the flow${withWhat}:`, ...found.map((line) => `  ${line}`)].join("\n"));
  }
  return { kind: "refused", isOneSpelling };
}

/** @returns What Connect finds wrong; `null`: nothing. */
async function tryToPublish({ aws, instance }: Connection, id: string, content: string): Promise<string[] | null> {
  const command = new UpdateContactFlowContentCommand({ InstanceId: instance.id, ContactFlowId: id, Content: content });
  try {
    await aws.connect.send(command);
    return null;
  } catch (error) {
    const problems = readProblems(error);
    if (problems === null) throw error;
    return problems;
  }
}

/** Connect's words about an invalid flow; `null` for another error. */
function readProblems(error: unknown): string[] | null {
  if (!(error instanceof AwsProblem) || error.code !== "InvalidContactFlowException") return null;
  const { message, problems } = Object(error.cause);
  if (!Array.isArray(problems) || problems.length === 0)
    return [toPrintableLine(String(message || "(no reason given)"))];
  return problems.map((problem) => toPrintableLine(String(Object(problem).message)));
}
