import { sendAlert } from "../../adapters/watch/alert.ts";
import { toLogFields } from "../../adapters/log.ts";
import { type TroubleMessage } from "../../core/watch/trouble-message.ts";
import { type WatchServices } from "./watch-services.ts";

/** Sends a message to the owner's webhook, once, where there is one. What is not taken is not sent again. */
export async function tellOwner(
  message: TroubleMessage,
  { config, fetch, log }: Pick<WatchServices, "config" | "fetch" | "log">,
): Promise<void> {
  if (config.alertWebhook === null) return;
  const from = { widgetId: config.widget.id, dataset: config.figures.dataset };
  try {
    await sendAlert(config.alertWebhook, message, from, fetch);
  } catch (error) {
    log.error("alert.failed", { trouble: message.trouble, ...toLogFields(error) });
  }
}
