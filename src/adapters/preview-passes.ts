import * as v from "valibot";
import { PREVIEW_COOKIE_DAYS, PREVIEW_LINK_HOURS } from "../limits.ts";
import { createSeal, type Seal } from "./seal.ts";

/** Nothing: that it opens is all there is to know. */
type Pass = Record<string, never>;

/** What lets an owner see the chat while nobody else does: a link, and the cookie that it is exchanged for. */
export interface PreviewPasses {
  readonly links: Seal<Pass>;
  readonly cookies: Seal<Pass>;
}

export async function createPreviewPasses(secret: Uint8Array): Promise<PreviewPasses> {
  const schema = v.strictObject({});
  const secrets = [secret] as const;
  const [links, cookies] = await Promise.all([
    createSeal({ purpose: "preview link", secrets, schema, maxAgeSeconds: PREVIEW_LINK_HOURS * 3600 }),
    createSeal({ purpose: "preview cookie", secrets, schema, maxAgeSeconds: PREVIEW_COOKIE_DAYS * 86_400 }),
  ]);
  return { links, cookies };
}
