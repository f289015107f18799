/**
 * A property of the document, whatever the page's markup: `<img name="cookie">` replaces `document.cookie`.
 *
 * A method must then be called on `document`. Source: HTML Standard, 3.1.5 "DOM tree accessors".
 */
export function ofDocument<Name extends keyof Document>(name: Name): Document[Name] {
  return Reflect.get(Document.prototype, name, document);
}

/**
 * A property of the window that the browser or script has set; `undefined` for an element of this name.
 *
 * Source: HTML Standard, 7.2.2.3 "Named access on the Window object".
 */
export function ofWindow<Name extends keyof Window>(name: Name): Window[Name] | undefined {
  return {}.hasOwnProperty.call(window, name) ? window[name] : undefined;
}

/** Listens on the document, like `document.addEventListener`. */
export function onDocument(
  type: string,
  listener: (event: Event) => void,
  options?: AddEventListenerOptions | boolean,
): void {
  ofDocument("addEventListener").call(document, type, listener, options);
}
