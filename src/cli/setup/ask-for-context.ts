import { multiselect } from "@clack/prompts";
import { CONTEXT_KINDS, type ContextKind } from "../../core/chat/context/context.ts";
import { ask } from "./ask.ts";

const EXPLANATIONS: Readonly<Record<ContextKind, string>> = {
  page: "the page's path",
  title: "the page's title",
  trail: "the last 5 paths, with the minutes since: kept in the tab, with consent",
  referrer: "the page that led to this one",
  language: "the browser's language",
  country: "the country, by Cloudflare",
  device: "desktop, phone or tablet",
  error: "message and file of the page's last script error",
};

/**
 * Asks what each chat tells its agent of where the visitor is.
 *
 * @param earlier Words of CONTEXT that can be used: they stay in their order, and new ones come after them.
 * @returns The words of CONTEXT.
 */
export async function askForContext(earlier: readonly ContextKind[]): Promise<string> {
  const words = [...earlier, ...CONTEXT_KINDS.filter((kind) => !earlier.includes(kind))];
  const chosen = await ask<ContextKind[]>(
    multiselect<ContextKind>({
      message: "What is the agent told of where the visitor is? (Space chooses, Enter goes on)",
      initialValues: [...earlier],
      required: false,
      options: words.map((word) => ({ value: word, label: `${word}: ${EXPLANATIONS[word]}` })),
    }),
  );
  return words.filter((word) => chosen.includes(word)).join(" ");
}
