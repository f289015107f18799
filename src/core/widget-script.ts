/** What the browser part is told. */
export interface BrowserPartConfig {
  readonly path: string;
  readonly rolloutPercent: number;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
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
