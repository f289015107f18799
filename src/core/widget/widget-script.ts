import { type ChosenPaths } from "../settings/chosen-paths.ts";
import { type ConsentCookie } from "../chat/consent.ts";

/** What the Worker tells the browser part. */
export interface BrowserPartConfig {
  /** Where the chat routes are. */
  readonly path: string;
  /** Share of browsers that get the chat. */
  readonly rolloutPercent: number;
  readonly paths: ChosenPaths;
  /** Whether a click on an element with `data-chat-forget` forgets the visitor, after a question. */
  readonly forgetByClick: boolean;
  /** How long a live chat survives a closed browser, from the last page seen in it. */
  readonly resumeMinutes: number;
  /** The longest that a chat lives. */
  readonly chatMinutes: number;
  /** Which cookie tells that anything may be kept; `null` where none is needed. */
  readonly consent: ConsentToAsk | null;
}

interface ConsentToAsk extends ConsentCookie {
  /** The widget waits for consent too. */
  readonly load: boolean;
}

/**
 * Renders `/_chat/widget.js`.
 *
 * The snippet stands unchanged in a block at the top level of the script: the stock one assigns an undeclared variable, so
 * it must not see strict mode, and an owner's may share its `var`s and functions with the page.
 *
 * @param browserPart The bundled browser part: a function of its configuration that says whether the snippet is to run.
 * @param snippet The owner's JavaScript; `null` where the page carries it.
 */
export function renderWidgetScript(browserPart: string, config: BrowserPartConfig, snippet: string | null): string {
  const start = `${browserPart.trim()}(${JSON.stringify({ ...config, hasSnippet: snippet !== null })})`;
  return snippet === null ? `${start};\n` : `if(${start}){\n${snippet}\n}\n`;
}
