// Puts the tag into a page that arrives in pieces, and counts the characters that are decoded.
import { createTagWriter } from "../../../src/http/page/rewriter.ts";
import { insertTag } from "../../../src/http/page/tag-inserter.ts";

let decoded = 0;
// oxlint-disable-next-line typescript/unbound-method -- Called with its own decoder below.
TextDecoder.prototype.decode = new Proxy(TextDecoder.prototype.decode, {
  apply(decode, decoder, args) {
    const text: unknown = Reflect.apply(decode, decoder, args);
    decoded += String(text).length;
    return text;
  },
});

/** What the rewriter below is to lose the last byte of; empty: of nothing. */
let lossAt = "";

class LossyRewriter extends HTMLRewriter {
  override transform(response: Response): Response {
    return new Response(super.transform(response).body?.pipeThrough(new TransformStream({ transform: lose })));
  }
}

function lose(bytes: Uint8Array, controller: TransformStreamDefaultController<Uint8Array>): void {
  const isLost = lossAt !== "" && new TextDecoder().decode(bytes).includes(lossAt);
  controller.enqueue(isLost ? bytes.slice(0, -1) : bytes);
}

Object.assign(globalThis, { HTMLRewriter: LossyRewriter });

export default {
  async fetch(request: Request): Promise<Response> {
    const { text, size, loss } = await request.json<{ text: string; size: number; loss: string }>();
    lossAt = loss;
    const reasons: (string | null)[] = [];
    decoded = 0;
    const body = await insertTag(toStream(new TextEncoder().encode(text), size), {
      writer: createTagWriter("<script></script>"),
      isNavigation: true,
      hasCharset: true,
      small: null,
      patchPolicy: () => ({ works: true, policies: { enforced: "patched", reportOnly: null }, nonce: null }),
      onDecided: (reason) => reasons.push(reason),
    });
    const page = await new Response(body).text();
    return Response.json({ page, reasons, decoded });
  },
};

function toStream(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    type: "bytes",
    pull(controller: ReadableByteStreamController) {
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
      if (at >= bytes.length) controller.close();
    },
  });
}
