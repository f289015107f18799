import { type AlertSource, buildAlertRequest } from "../../core/watch/alert-request.ts";
import { type TroubleMessage } from "../../core/watch/trouble-message.ts";
import { ALERT_TIMEOUT_MS } from "../../limits.ts";

/**
 * Sends a message to the owner's webhook, once. No redirect is followed: the address is the owner's own.
 *
 * @throws {Error} Where the webhook does not take it. The message never names the address, which is a secret.
 */
export async function sendAlert(
  address: URL,
  message: TroubleMessage,
  from: AlertSource,
  fetch: (request: Request) => Promise<Response>,
): Promise<void> {
  const { url, body } = buildAlertRequest(address, message, from);
  const request = new Request(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(ALERT_TIMEOUT_MS),
  });
  const response = await fetch(request).catch((error: unknown) => {
    throw new Error(
      error instanceof Error && error.name === "TimeoutError"
        ? `The webhook did not answer within ${ALERT_TIMEOUT_MS} ms`
        : "The webhook cannot be reached",
    );
  });
  await response.body?.cancel().catch(() => undefined);
  if (!response.ok) throw new Error(`The webhook answered ${response.status}`);
}
