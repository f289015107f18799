import passThrough from "../../worker/entries/pass-through.ts";

const TAG = '<script data-cfasync="false" async src="/_chat/widget.js"></script>';

const rewriter = new HTMLRewriter().on("head", {
  element(head) {
    head.prepend(TAG, { html: true });
  },
});

/** Most Workers that add a tag do this: the whole page goes through HTMLRewriter. */
export default {
  async fetch(request: Request, env: { readonly ORIGIN_URL?: string }): Promise<Response> {
    const response = await passThrough.fetch(request, env);
    if (!response.headers.get("content-type")?.startsWith("text/html")) return response;
    return rewriter.transform(response);
  },
};
