import { buildFinding, type Finding } from "./catalogue.ts";

/**
 * @param status Status of a start call that Connect must refuse; `null` where nothing answered.
 * @param started What became of the chat, where Connect has started one.
 */
export function findInStartCall(status: number | null, started: string): Finding[] {
  if (status === 401) return [];
  if (status === 200) return [buildFinding("security-not-enforced", { details: [started] })];
  if (status === 400) return [buildFinding("not-on-allow-list")];
  if (status === 404) return [buildFinding("widget-unknown")];
  const details =
    status === null
      ? ["no answer, or the snippet's older client does not say where chats start"]
      : [`status ${status}`];
  return [buildFinding("start-call-unclear", { details })];
}
