import * as v from "valibot";
import { readJson, sendRequest } from "./request.ts";

const healthSchema = v.variant("status", [
  v.object({ status: v.literal("ok"), version: v.string() }),
  v.object({ status: v.literal("misconfigured") }),
]);

/** What a live Worker says of itself. */
export type Health = v.InferOutput<typeof healthSchema>;

/**
 * Asks for a Worker's health.
 *
 * @param chatUrl Where the Worker's routes are, such as `https://www.example.com/_chat`.
 * @returns `null` where no Worker answers.
 */
export async function readHealth(chatUrl: string, userAgent: string): Promise<Health | null> {
  const answer = await sendRequest(new URL(`${chatUrl}/health`), { headers: { "user-agent": userAgent } }).catch(
    () => null,
  );
  const health = v.safeParse(healthSchema, answer && readJson(answer));
  return health.success ? health.output : null;
}
