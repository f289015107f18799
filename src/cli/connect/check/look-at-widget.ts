import { randomBytes } from "node:crypto";
import { CreateParticipantConnectionCommand, DisconnectParticipantCommand } from "@aws-sdk/client-connectparticipant";
import { createWidgetTokens } from "../../../adapters/widget-token.ts";
import { type Snippet } from "../../../core/widget/snippet.ts";
import { parseWidget } from "../../../core/widget/widget.ts";
import { ConfigError } from "../../../errors.ts";
import { buildFinding } from "../../findings/catalogue.ts";
import { findIf } from "../../findings/find-if.ts";
import { findInStartCall } from "../../findings/find-in-start-call.ts";
import { hasOwnSnippet, type Settings } from "../../shared/own-settings.ts";
import { callStart, moveTo, type StartAnswer } from "../../site/start-call.ts";
import { type Aws } from "../aws/open-aws.ts";
import { type Look } from "./look.ts";

/** An agent reads this, where Connect starts the chat. */
const DISPLAY_NAME = "persistent-chat-edge check";
/** How long the token has been expired, in seconds: more than any clock may be wrong. */
const EXPIRED_SECONDS = 7200;

/**
 * Asks Connect, as a page of the site does, to start a chat that it must refuse: with an expired token of our own, and then
 * without one. The answer tells what no API of the owner's shows: the widget's domains, and whether its security is on.
 *
 * @param where Address of a stand-in, and of the site; `null`: AWS itself, not known.
 * @param now In seconds.
 */
export async function lookAtWidget(
  aws: Aws,
  where: { readonly endpoint: string | null; readonly site: URL | null },
  settings: Settings,
  now: number,
): Promise<Look> {
  const { endpoint, site } = where;
  const own = readSnippet(settings);
  if (typeof own === "string") return ask(own);
  const snippet = moveTo(endpoint, own);
  if (site === null) return ask("the site's address is not known: give it behind check");
  if (new URL(snippet.scriptUrl).hostname.endsWith(".cloudfront.net")) {
    return ask("the snippet loads Amazon's client from CloudFront, and does not say where chats start");
  }
  const page = { origin: site.origin, displayName: DISPLAY_NAME };
  const token = await signExpired(
    snippet.widgetId,
    settings["WIDGET_SECURITY_KEY"] ?? randomBytes(33).toString("base64"),
    now,
  );
  const withToken = await callStart(snippet, { ...page, token });
  // A widget without security may judge a token that it gets all the same.
  const answer = withToken?.status === 401 ? await callStart(snippet, page) : withToken;
  const started = await endChat(aws, answer);
  const isLost = withToken !== null && answer === null;
  return {
    facts:
      answer?.status === 401
        ? [`the widget: takes the page ${site.origin} and the snippet, and starts no chat without a valid token`]
        : [],
    findings: [
      ...findInStartCall(answer?.status ?? null, started),
      ...findIf(isLost, "start-call-unclear", [
        `a chat named "${DISPLAY_NAME}" may have been started: an agent can close it`,
      ]),
    ],
  };
}

function ask(why: string): Look {
  return { facts: [], findings: [buildFinding("start-call-not-asked", { details: [why] })] };
}

/** @returns The snippet; or why there is none. */
function readSnippet(settings: Settings): Snippet | string {
  if (!hasOwnSnippet(settings)) return "there is no snippet in .dev.vars: npm run setup asks for it";
  try {
    const widget = parseWidget(settings);
    return widget.source === "snippet" ? widget.snippet : "the snippet is in your own pages (WIDGET_SNIPPET=page)";
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return "the snippet in .dev.vars cannot be read: npm run setup asks for it again";
  }
}

async function signExpired(widgetId: string, securityKey: string, now: number): Promise<string> {
  const tokens = await createWidgetTokens(securityKey, widgetId);
  const iat = now - EXPIRED_SECONDS;
  return tokens.sign({ sub: widgetId, iat, exp: iat + 60, attributes: {} });
}

/** @returns What became of a chat that should not have been started. */
async function endChat({ participant }: Aws, answer: StartAnswer | null): Promise<string> {
  if (answer?.status !== 200) return "";
  const waits = "The chat that was started could not be ended: it waits for an agent, who can close it.";
  if (answer.chat === null) return waits;
  try {
    const { ConnectionCredentials } = await participant.send(
      new CreateParticipantConnectionCommand({
        ParticipantToken: answer.chat.participantToken,
        Type: ["CONNECTION_CREDENTIALS"],
      }),
    );
    const ConnectionToken = ConnectionCredentials?.ConnectionToken ?? "";
    await participant.send(new DisconnectParticipantCommand({ ConnectionToken }));
    return "The chat that was started was ended at once.";
  } catch {
    return waits;
  }
}
