import { type Context } from "hono";
import * as v from "valibot";
import { hasConsent } from "../../core/chat/consent.ts";
import { toClientNetwork } from "../../core/headers/client-network.ts";
import { readBrowserFamily } from "../../core/outcome/browser-family.ts";
import { OUTCOME_WORDS, pickCounted, splitWord } from "../../core/outcome/outcome.ts";
import { ChatError } from "../../errors.ts";
import { MAX_OUTCOMES_BODY_BYTES } from "../../limits.ts";
import { CLIENT_ADDRESS } from "./call/rate-limited.ts";
import { readJsonBody } from "./call/json-body.ts";
import { sentCookies } from "./call/sent-cookies.ts";
import { type ChatServices } from "./services.ts";

const bodySchema = v.strictObject({
  outcomes: v.pipe(v.array(v.picklist(OUTCOME_WORDS)), v.minLength(1), v.maxLength(OUTCOME_WORDS.length)),
  version: v.pipe(v.string(), v.regex(/^\d{1,4}(?:\.\d{1,4}){2}$/)),
});

/**
 * `POST /_chat/outcomes`: counts what happened to the chat in one page view. Fixed words only, and nothing is stored of who
 * it was.
 */
export async function postOutcomes(c: Context, services: ChatServices): Promise<Response> {
  const { config, log, networkNumbers } = services;
  if (!hasConsent(config.consentCookie, sentCookies(c))) {
    throw new ChatError("NO_CONSENT", "Refused to count: this visitor has not given consent");
  }
  const { outcomes, version } = await readJsonBody(c.req, bodySchema, MAX_OUTCOMES_BODY_BYTES);
  // A page from before the setting was changed still has the older script.
  if (!config.outcomes) return c.body(null, 204);
  const browser = readBrowserFamily(c.req.header("user-agent"));
  const now = services.now();
  const [network, operator] = await Promise.all([
    networkNumbers("network", toClientNetwork(c.req.header(CLIENT_ADDRESS) ?? "", 56), now),
    networkNumbers("operator", readOperator(c.req.raw), now),
  ]);
  for (const word of pickCounted(outcomes)) {
    log.info("browser.outcome", { ...splitWord(word), browser, version }, { network, operator });
  }
  return c.body(null, 204);
}

/** Number of the autonomous system. Source: Cloudflare Workers documentation, "Request", `cf.asn`. */
function readOperator({ cf }: Request): string {
  return typeof cf?.["asn"] === "number" ? String(cf["asn"]) : "";
}
