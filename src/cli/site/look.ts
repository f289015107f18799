import { isRedirect, openPage } from "./crawl.ts";
import { readMarkup } from "./markup.ts";
import { type Answer, readText, UnreachableError } from "./request.ts";

/** The first impression of a site. */
export type SiteLook =
  | { readonly kind: "fine" }
  /** The site's pages have the widget already. */
  | { readonly kind: "has-widget" }
  | { readonly kind: "problem"; readonly message: string };

/** Opens a site's first page, as a visitor would. */
export async function lookAtSite(site: URL): Promise<SiteLook> {
  try {
    return judge(await openPage(site));
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    return { kind: "problem", message: `${error.message}. Is the address right?` };
  }
}

function judge(answer: Answer): SiteLook {
  const { headers, status, url } = answer;
  const target = URL.parse(headers.get("location") ?? "", url);
  if (isRedirect(answer) && target !== null && target.origin !== url.origin) {
    return { kind: "problem", message: `${url.origin} leads to ${target.origin}: give that address.` };
  }
  if (status >= 500)
    return { kind: "problem", message: `${url.origin} answers with status ${status}: fix that first.` };
  return { kind: readMarkup(readText(answer), url).hasWidget ? "has-widget" : "fine" };
}
