import { type ChosenPaths } from "../settings/chosen-paths.ts";
import { type ConsentSource } from "../chat/consent.ts";
import { type SaidKind } from "../chat/context/context.ts";

/** `idle`: after the page's load; `interaction`: at the visitor's first sign. */
export type LoadWidget = "now" | "idle" | "interaction";

/** What the Worker tells the browser part. */
export interface BrowserPartConfig {
  /** Where the chat routes are. */
  readonly path: string;
  /** Share of browsers that get the chat, from 0 to 100. */
  readonly rolloutPercent: number;
  readonly paths: ChosenPaths;
  /** Whether a click on an element with `data-chat-forget` asks the visitor, then forgets the visitor. */
  readonly forgetByClick: boolean;
  /** When the widget is loaded. */
  readonly loadWidget: LoadWidget;
  /** Whether reports tell if no other tab has a live chat; absent: not. */
  readonly endAbandoned?: true;
  /** What a call for a token says of the page; absent: nothing. */
  readonly context?: readonly SaidKind[];
  /** Version of this browser part, told with what happened to the chat; absent: nothing is told. */
  readonly outcomes?: string;
  /** How long a live chat can be resumed after the browser's last page of the site. */
  readonly resumeMinutes: number;
  /** The longest life of a chat. */
  readonly chatMinutes: number;
  /** Where it shows that the visitor agreed to be remembered; `null` where no consent is needed. */
  readonly consent: ConsentToAsk | null;
}

type ConsentToAsk = ConsentSource & {
  /** Whether the widget waits for consent too. */
  readonly load: boolean;
};

/**
 * Renders `/_chat/widget.js`.
 *
 * The snippet is unchanged, in a block at the top level of the script: Amazon's snippet assigns an undeclared variable,
 * which strict mode forbids, and an owner's snippet may share its `var`s and functions with the page.
 *
 * @param browserPart The bundled browser part: a function of its configuration, which returns whether to run the snippet.
 * @param snippet The owner's JavaScript; `null` where the page has the snippet.
 */
export function renderWidgetScript(browserPart: string, config: BrowserPartConfig, snippet: string | null): string {
  const start = `${browserPart.trim()}(${JSON.stringify({ ...config, hasSnippet: snippet !== null })})`;
  return snippet === null ? `${start};\n` : `if(${start}){\n${snippet}\n}\n`;
}
