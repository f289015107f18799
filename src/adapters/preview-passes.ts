import * as v from "valibot";
import { PREVIEW_COOKIE_DAYS, PREVIEW_LINK_HOURS } from "../limits.ts";
import { createSeal, type Seal } from "./seal.ts";

/** A pass has no content: it is valid when it opens. */
type Pass = Record<string, never>;

/** The passes with which an owner sees the chat before visitors do: a link, and the cookie that it is exchanged for. */
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
