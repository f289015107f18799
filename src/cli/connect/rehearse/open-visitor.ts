import { createPreviewPasses } from "../../../adapters/preview-passes.ts";
import { type Settings as ParsedSettings } from "../../../core/settings/settings.ts";
import { type ChatVisitor, createChatVisitor } from "../../site/chat-visitor.ts";
import { readClock } from "./play/stage.ts";

/** The made-up visitor's browser, in the preview where there is one. */
export async function openVisitor(
  chatUrl: string,
  userAgent: string,
  settings: Pick<ParsedSettings, "MODE" | "PREVIEW_SECRET">,
): Promise<ChatVisitor> {
  const visitor = createChatVisitor(chatUrl, userAgent);
  if (settings.MODE === "preview" && settings.PREVIEW_SECRET !== null) {
    const { links } = await createPreviewPasses(settings.PREVIEW_SECRET);
    await visitor.call("POST", "preview", { token: await links.seal({}, Math.floor(readClock())) });
  }
  return visitor;
}
