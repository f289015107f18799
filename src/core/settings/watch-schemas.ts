import * as v from "valibot";
import { isWebhook } from "../watch/alert-request.ts";
import { expectedSecret, variableLike } from "./schemas.ts";

/** The id of a Cloudflare account; empty where there is none. Source: Cloudflare API, "Accounts", `id`. */
export function accountId() {
  return variableLike(
    "",
    /^[\da-f]{32}$/i,
    "the account id of the Cloudflare dashboard, 32 digits and letters from a to f",
  );
}

/** The name of a dataset of Analytics Engine. It becomes a part of each query: so nothing but letters, digits and _. */
export function datasetName() {
  return variableLike("persistent_chat_edge", /^[A-Za-z]\w{0,99}$/, "the name of a dataset: letters, digits and _");
}

/** Where alerts go; `null` where nothing is set. The address is a secret: who knows it can send messages to the owner. */
export function optionalWebhook() {
  const message = expectedSecret(
    "an https address that takes messages (PagerDuty: https://events.pagerduty.com/v2/enqueue?routing_key=<key>)",
  );
  return v.pipe(
    v.optional(v.unknown(), ""),
    v.string(message),
    v.check((text) => text === "" || isWebhook(text), message),
    v.transform((text) => (text === "" ? null : new URL(text))),
  );
}
