import { createElement } from "../element.ts";

/**
 * What client metrics (CSM) add to the page: an inline script and a worker from a blob: address.
 *
 * They measure nothing here; they are here because a page's content security policy meets them.
 */
export function addClientMetrics(nonce: string | null): void {
  const script = createElement(document, "script", { "data-amazon-connect-csm": "" }, "void 0;");
  if (nonce !== null) script.nonce = nonce;
  document.head.append(script);
  const url = URL.createObjectURL(new Blob(["close();"], { type: "text/javascript" }));
  try {
    // oxlint-disable-next-line no-new -- starting it is all that is wanted
    new Worker(url);
  } catch {
    // Some browsers throw where the policy forbids it; the chat does without metrics.
  }
}
