import htmlRewriter from "./html-rewriter.ts";

/** The same, which answers as this project's Worker does: not compressed, since Cloudflare compresses for the visitor. */
export default {
  async fetch(request: Request, env: { readonly ORIGIN_URL?: string }): Promise<Response> {
    const response = await htmlRewriter.fetch(request, env);
    const decoded = new Response(response.body, response);
    decoded.headers.delete("content-encoding");
    return decoded;
  },
};
