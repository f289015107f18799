/**
 * Renders `/_chat/widget.js`.
 *
 * The snippet is the argument of a call from outside, unchanged and on lines of its own: the stock one assigns an
 * undeclared variable, so it must not see strict mode, nor a variable of ours.
 *
 * @param browserPart The bundled browser part: a function expression of its configuration and the snippet.
 * @param options.snippet The owner's JavaScript; `null` where the page carries it.
 */
export function renderWidgetScript(
  browserPart: string,
  { path, snippet }: { readonly path: string; readonly snippet: string | null },
): string {
  const argument = snippet === null ? "null" : `function(){\n${snippet}\n}`;
  return `${browserPart.trim()}(${JSON.stringify({ path })},${argument});\n`;
}
