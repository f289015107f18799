import { callsField, parseSnippet, type Snippet } from "../../src/core/widget/snippet.ts";
import { parseWidget } from "../../src/core/widget/widget.ts";

/** The owner's widget, for the stand-in Connect to serve in place of its own. */
export interface OwnWidget {
  readonly snippet: Snippet;
  /** `null` if only Cloudflare has the key: the playground then signs with its own. */
  readonly securityKey: string | null;
}

/**
 * The widget that `npm run setup` kept in .dev.vars.
 *
 * @returns `null` if there is none; if it cannot be shown here, the reason as the end of a sentence.
 */
export function readOwnWidget(kept: Readonly<Record<string, string | undefined>>): OwnWidget | string | null {
  if (kept["WIDGET_SNIPPET"] === undefined || kept["WIDGET_SNIPPET"].trim() === "page") return null;
  try {
    const widget = parseWidget(kept);
    if (widget.source === "page") return null;
    const { snippet } = widget;
    if (callsField(snippet.script, "authenticate"))
      return "it has an authenticate of its own, which this shop cannot answer";
    if (!snippet.script.includes(snippet.scriptUrl)) return "the address in it is written in pieces";
    return { snippet, securityKey: kept["WIDGET_SECURITY_KEY"] ?? null };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * The owner's snippet, with the stand-in's client in place of Amazon's.
 *
 * @param local The stand-in's own snippet, which has the client's address.
 */
export function toLocalSnippet({ script, scriptUrl }: Snippet, local: string): string {
  return script.replaceAll(scriptUrl, () => parseSnippet(local).scriptUrl);
}
