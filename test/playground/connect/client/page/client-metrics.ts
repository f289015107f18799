import { createElement } from "../element.ts";

/**
 * Adds to the page what client metrics (CSM) add: an inline script and a worker from a blob: address.
 *
 * They measure nothing: they are here because a page's content security policy must allow them.
 */
export function addClientMetrics(nonce: string | null): void {
  const script = createElement(document, "script", { "data-amazon-connect-csm": "" }, "void 0;");
  if (nonce !== null) script.nonce = nonce;
  document.head.append(script);
  const url = URL.createObjectURL(new Blob(["close();"], { type: "text/javascript" }));
  try {
    // oxlint-disable-next-line no-new -- it only has to start
    new Worker(url);
  } catch {
    // Some browsers throw where the policy forbids the worker; the chat works without metrics.
  }
}
