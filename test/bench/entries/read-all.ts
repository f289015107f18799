import passThrough from "../../worker/entries/pass-through.ts";

const TAG = '<script data-cfasync="false" async src="/_chat/widget.js"></script>';

/** The simplest Workers that add a tag do this: they read the whole page as one string and replace a part of it. */
export default {
  async fetch(request: Request, env: { readonly ORIGIN_URL?: string }): Promise<Response> {
    const response = await passThrough.fetch(request, env);
    if (!response.headers.get("content-type")?.startsWith("text/html")) return response;
    const html = await response.text();
    const changed = new Response(html.replace("<head>", `<head>${TAG}`), response);
    changed.headers.delete("content-length");
    return changed;
  },
};
