import { randomUUID } from "node:crypto";
import { describeContact, look, readAttributes } from "./describe.ts";
import { type LinkAnswer, type ThirdChat } from "../judge/facts.ts";
import { type PastChat } from "./first-chat.ts";
import { linkByHand } from "./link-by-hand.ts";
import { getToken } from "./live-worker-calls.ts";
import { type Stage } from "./stage.ts";
import { type RunningChat, startChat } from "./start-chat.ts";
import { stopChat } from "./started-chats.ts";

const FORGED = "forged";

/**
 * Starts a third chat as an attacker could, and tries links that Connect should refuse.
 *
 * Its token asks for no history, so that the contact flow does not link the chat before.
 */
export async function playThirdChat(
  stage: Stage,
  { first, second }: { readonly first: PastChat; readonly second: RunningChat },
): Promise<ThirdChat> {
  stage.progress.say("5. A third chat starts, with a forged attribute.");
  const { attributes, token } = await getToken(stage.visitor, true);
  const name = stage.names.contact;
  const { contactId } = await startChat(stage, token, { [name]: FORGED });
  const winner = await look(async () => {
    const described = (await describeContact(stage, contactId)).Attributes ?? {};
    const found = described[name] ?? (await readAttributes(stage, contactId))[name];
    return decideWinner(found, attributes[name]);
  });

  const links: LinkAnswer[] = [];
  const tryLink = async (sourceContactId: string) => {
    if (links.some(({ answer }) => answer === "linked")) return null;
    const answer = await linkByHand(stage, contactId, sourceContactId);
    links.push(answer);
    return answer;
  };
  const live = await tryLink(second.contactId);
  const unknown = await tryLink(randomUUID());
  await stopChat(stage, second.chat);
  const early = await tryLink(second.contactId);
  const ready = await tryLink(first.contactId);
  return { winner, live, unknown, early, ready };
}

/** Which value of an attribute has won. */
export function decideWinner(found: string | undefined, signed: unknown): "signed" | "forged" | "neither" {
  if (found === FORGED) return "forged";
  return found === signed ? "signed" : "neither";
}
