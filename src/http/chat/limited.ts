import { type Context } from "hono";
import { toLogFields } from "../../adapters/log.ts";
import { toClientNetwork } from "../../core/headers/client-network.ts";
import { ChatError } from "../../errors.ts";
import { type Answer, type ChatServices } from "./services.ts";

/** The same answer, for clients that have not called this route too often: what one of them can cost stays bounded. */
export function limited(answer: Answer): Answer {
  return async (c, services) => {
    if (!(await hasCallsLeft(c, services))) {
      throw new ChatError("TOO_MANY_CALLS", "Refused a call: its address has made too many, see CHAT_LIMIT");
    }
    return answer(c, services);
  };
}

/** Set by Cloudflare itself on every request, whatever the client sent. */
const CLIENT_ADDRESS = "cf-connecting-ip";

async function hasCallsLeft(c: Context, { callLimit, log }: ChatServices): Promise<boolean> {
  const network = toClientNetwork(c.req.header(CLIENT_ADDRESS) ?? "");
  try {
    const { success } = await callLimit.limit({ key: `${c.req.path} ${network}` });
    return success;
  } catch (error) {
    // A count that fails is no reason to leave a customer without a chat.
    log.error("limit.unavailable", toLogFields(error));
    return true;
  }
}
