import passThrough from "../../worker/entries/pass-through.ts";

/** The least that a Worker can do that looks at a page's first chunk in JavaScript: it changes nothing and pipes the rest. */
export default {
  async fetch(request: Request, env: { readonly ORIGIN_URL?: string }): Promise<Response> {
    const response = await passThrough.fetch(request, env);
    if (response.body === null || !response.headers.get("content-type")?.startsWith("text/html")) return response;
    const { readable, writable } = new IdentityTransformStream();
    copy(response.body, writable).catch(() => undefined);
    const copied = new Response(readable, response);
    // As every Worker has to that changes a page. Cloudflare compresses for the visitor.
    copied.headers.delete("content-length");
    copied.headers.delete("content-encoding");
    return copied;
  },
};

async function copy(body: ReadableStream<Uint8Array>, writable: WritableStream<Uint8Array>): Promise<void> {
  const reader = body.getReader();
  const writer = writable.getWriter();
  const { value } = await reader.read();
  if (value !== undefined) await writer.write(value);
  reader.releaseLock();
  writer.releaseLock();
  await body.pipeTo(writable);
}
