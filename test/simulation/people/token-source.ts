import { TOKEN_PATIENCE_MS, TOKEN_TRY_MS } from "../../../src/limits.ts";
import { signToken } from "../../playground/connect/signing/sign-token.ts";
import { securityKey, widgetId } from "../../worker/settings.ts";
import { claimsOf } from "../../worker/visitor-client.ts";
import { type Browser, clearAfterSignOut, senderOf } from "./browser.ts";
import { type Answer, type Sender, type Session } from "../world/messages.ts";
import { isFinal, send } from "../world/network.ts";
import { type Random, randomUuid } from "../world/random.ts";
import { type World } from "../world/world.ts";

interface TokenAnswer {
  readonly token: string;
  readonly ticket: string;
}

/** Asks for a token as often as a page does. */
export async function requestToken(
  world: World,
  browser: Browser,
  random: Random,
  isAskedFresh = false,
): Promise<Session | null> {
  const { clock } = world;
  clearAfterSignOut(world, browser);
  const deadline = clock.now() + TOKEN_PATIENCE_MS;
  const leftMs = () => deadline - clock.now();
  const { customer } = browser;
  const isFresh = isAskedFresh || browser.isForgetting;
  const body = {
    ...(isFresh && { fresh: true as const }),
    ...(customer !== null && { token: signIn(world, customer) }),
  };

  for (let pauseMs = 300; leftMs() > 0; pauseMs *= 2) {
    const tried = await browser.oneAtATime(async () => {
      if (leftMs() <= 0) return null;
      const person = customer ?? browser.anonymous;
      // For example a page of someone who has signed out since: the call changes the visitor.
      if (browser.cookieOf !== null && browser.cookieOf !== person) browser.visit += 1;
      const sender = { ...senderOf(browser, person), isFresh };
      const timeoutMs = Math.min(leftMs(), TOKEN_TRY_MS);
      const heard = ({ status }: Answer) => {
        if (status === 200) browser.cookieOf = person;
      };
      const call = { method: "POST", path: "/_chat/token", body, timeoutMs, heard } as const;
      return { sender, answer: await send(world, browser, sender, call, random) };
    });
    const answer = tried?.answer ?? null;
    if (tried !== null && answer?.status === 200) return toSession(world, answer, tried.sender, random);
    if (answer !== null && isFinal(answer)) return null;
    await clock.sleep(Math.min(pauseMs, Math.max(0, leftMs())));
  }
  return null;
}

/** The chat that a token may start, named as Amazon Connect would name it. */
function toSession(
  { truth }: World,
  { text }: Answer,
  { person, sitter, visit, isFresh = false }: Sender,
  random: Random,
): Session {
  const { token, ticket }: TokenAnswer = JSON.parse(text);
  const { attributes, iat: issuedAt } = claimsOf(token);
  const visitorKey = attributes["persistentChatVisitor"] ?? "none";
  let contactId = randomUuid(random);
  // Steps of a shrunk history may draw the same numbers.
  while (truth.contacts.has(contactId)) contactId = randomUuid(random);
  return { contactId, ticket, visitorKey, issuedAt, person, sitter, visit, isFresh };
}

function signIn({ clock }: World, customerId: string): string {
  const iat = Math.floor(clock.now() / 1000);
  return signToken({ claims: { sub: widgetId, iat, exp: iat + 600, customerId }, securityKey });
}
