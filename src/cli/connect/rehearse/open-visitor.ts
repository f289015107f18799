import { createPreviewPasses } from "../../../adapters/preview-passes.ts";
import { type ConsentCookie, hasConsent } from "../../../core/chat/consent.ts";
import { type Settings as ParsedSettings } from "../../../core/settings/settings.ts";
import { type ChatVisitor, createChatVisitor } from "../../site/chat-visitor.ts";
import { readClock } from "./play/stage.ts";

/** The made-up visitor's browser: with consent where the site asks for it, and in the preview where there is one. */
export async function openVisitor(
  chatUrl: string,
  userAgent: string,
  settings: Pick<ParsedSettings, "CONSENT_COOKIE" | "MODE" | "PREVIEW_SECRET"> & { readonly consentText: string },
): Promise<ChatVisitor> {
  const visitor = createChatVisitor(chatUrl, userAgent, guessConsent(settings.CONSENT_COOKIE, settings.consentText));
  if (settings.MODE === "preview" && settings.PREVIEW_SECRET !== null) {
    const { links } = await createPreviewPasses(settings.PREVIEW_SECRET);
    await visitor.call("POST", "preview", { token: await links.seal({}, Math.floor(readClock())) });
  }
  return visitor;
}

/**
 * A cookie that shows consent.
 *
 * @param text CONSENT_COOKIE as the owner has written it, such as `consent=.*chat`.
 * @returns `null` where none is needed, or no value of the pattern can be guessed.
 */
export function guessConsent(wanted: ConsentCookie | null, text: string): string | null {
  if (wanted === null) return null;
  const source = text.slice(text.indexOf("=") + 1);
  // Without what stands for anything, most patterns are a text that they match.
  const value = source.replaceAll(/\.[*+?]|[\^$]|\[[^\]]*\]\*|\\/g, "");
  const cookie = `${wanted.name}=${value}`;
  return /^[\w.%:,|-]*$/.test(value) && hasConsent(wanted, cookie) ? cookie : null;
}
