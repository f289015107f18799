/** What is seen of a site at first sight. */
export type SiteLook =
  | { readonly kind: "fine" }
  /** Its pages have the widget already. */
  | { readonly kind: "has-widget" }
  | { readonly kind: "problem"; readonly message: string };

const TIMEOUT_MS = 10_000;

/** Looks at a site's first page, as a visitor would. */
export async function lookAtSite(site: URL): Promise<SiteLook> {
  try {
    const response = await fetch(site, {
      redirect: "manual",
      headers: { accept: "text/html", "sec-fetch-dest": "document" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return judge(site, response, await response.text());
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { kind: "problem", message: `${site.origin} cannot be reached: ${reason}. Is the address right?` };
  }
}

function judge(site: URL, { status, headers }: Response, body: string): SiteLook {
  const target = URL.parse(headers.get("location") ?? "", site);
  if (status >= 300 && status < 400 && target !== null && target.origin !== site.origin) {
    return { kind: "problem", message: `${site.origin} leads to ${target.origin}: give that address.` };
  }
  if (status >= 500)
    return { kind: "problem", message: `${site.origin} answers with status ${status}: mend it first.` };
  return { kind: body.includes("amazon_connect") ? "has-widget" : "fine" };
}
