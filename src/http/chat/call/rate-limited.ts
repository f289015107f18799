import { type Context } from "hono";
import { toLogFields } from "../../../adapters/log.ts";
import { toClientNetwork } from "../../../core/headers/client-network.ts";
import { ChatError } from "../../../errors.ts";
import { type Answer, type ChatServices } from "../services.ts";

/** The same answer, but a client that has called this route too often is refused. */
export function rateLimited(answer: Answer): Answer {
  return async (c, services) => {
    if (!(await hasCallsLeft(c, services))) {
      throw new ChatError("TOO_MANY_CALLS", "Refused a call: its address has made too many, see CHAT_LIMIT");
    }
    return answer(c, services);
  };
}

/** Cloudflare sets this header on every request, and replaces one that the client sent. */
export const CLIENT_ADDRESS = "cf-connecting-ip";

async function hasCallsLeft(c: Context, { callLimit, log }: ChatServices): Promise<boolean> {
  const network = toClientNetwork(c.req.header(CLIENT_ADDRESS) ?? "");
  try {
    const { success } = await callLimit.limit({ key: `${c.req.path} ${network}` });
    return success;
  } catch (error) {
    // A failing count must not leave a customer without a chat.
    log.error("limit.unavailable", toLogFields(error));
    return true;
  }
}
