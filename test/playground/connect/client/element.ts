type ElementAttributes = Record<string, string>;

/** Builds an element of `page`, which may be the iframe's document: an element belongs to the document that made it. */
export function createElement<K extends keyof HTMLElementTagNameMap>(
  page: Document,
  name: K,
  attributes: ElementAttributes,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = page.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Adds a style sheet as the real client does: with the page's nonce, without which a strict policy drops it. */
export function addStyle(page: Document, css: string, nonce: string | null): void {
  const style = page.createElement("style");
  if (nonce !== null) style.nonce = nonce;
  style.textContent = css;
  page.head.append(style);
}
