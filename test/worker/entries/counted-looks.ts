// Puts the tag into a page that is sent in pieces, and counts the looks at its beginning: each look decodes once.
import { insertTag } from "../../../src/http/page/tag-inserter.ts";

let looks = 0;
// oxlint-disable-next-line typescript/unbound-method -- Called with its own decoder below.
TextDecoder.prototype.decode = new Proxy(TextDecoder.prototype.decode, {
  apply(decode, decoder, args) {
    looks += 1;
    return Reflect.apply(decode, decoder, args);
  },
});

export default {
  async fetch(request: Request): Promise<Response> {
    const { text, size } = await request.json<{ text: string; size: number }>();
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const reasons: (string | null)[] = [];
    looks = 0;
    const body = insertTag(readable, {
      tag: "<script></script>",
      isNavigation: true,
      hasCharset: true,
      patchPolicy: () => ({ works: true, policies: { enforced: null, reportOnly: null }, nonce: null }),
      onDecided: (reason) => reasons.push(reason),
    });
    const [page] = await Promise.all([new Response(body).bytes(), send(writable.getWriter(), text, size)]);
    const counted = looks;
    return Response.json({ page: new TextDecoder().decode(page), reasons, looks: counted });
  },
};

async function send(writer: WritableStreamDefaultWriter<Uint8Array>, text: string, size: number): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) await writer.write(bytes.slice(at, at + size));
  await writer.close();
}
