import { type PolicyReason } from "../../core/policy/obstacle.ts";
import { type PolicyDecision } from "../../core/policy/patch-policies.ts";
import { decodeCharacterReferences } from "../../core/page/html-text.ts";
import { MAX_META_ELEMENTS, MAX_POLICIES } from "../../limits.ts";
import { concat } from "./body-beginning.ts";

/** Changes one policy. */
export type PatchPolicy = (policy: string) => PolicyDecision;

export type MetaPatch =
  | { readonly works: true; readonly head: Uint8Array }
  | { readonly works: false; readonly reason: PolicyReason };

// Added at the end: missing in the output, it shows that HTMLRewriter dropped something.
const END_MARK = "<!--end of head-->";

/**
 * Patches the `<meta>` policies of a head.
 *
 * HTMLRewriter gets the head alone. Its output is used only where a policy had to change and the output is complete:
 * HTMLRewriter can throw, or drop the end of its input.
 *
 * @param head The head's bytes, in any charset that extends ASCII.
 */
export async function patchMetaPolicies(head: Uint8Array, patch: PatchPolicy): Promise<MetaPatch> {
  let isChanged = false;
  let elements = 0;
  let policies = 0;
  let reason: PolicyReason | null = null;
  const rewriter = new HTMLRewriter().on("meta[http-equiv][content]", {
    element(meta) {
      elements += 1;
      // HTMLRewriter's output is not used then.
      if (elements > MAX_META_ELEMENTS) throw new Error("Too many elements");
      // Compared without trimming. No named reference stands for a letter or a hyphen.
      const name = decodeCharacterReferences(meta.getAttribute("http-equiv") ?? "");
      if (name?.toLowerCase() !== "content-security-policy") return;
      policies += 1;
      const policy = policies > MAX_POLICIES ? null : decodeCharacterReferences(meta.getAttribute("content") ?? "");
      const decision: PolicyDecision = policy === null ? { works: false, reason: "csp-unreadable" } : patch(policy);
      if (!decision.works) {
        reason = decision.reason;
      } else if (decision.policies.enforced !== policy) {
        // HTMLRewriter escapes quotes alone: browsers would read a text such as "&#59" as a semicolon.
        meta.setAttribute("content", (decision.policies.enforced ?? "").replaceAll("&", "&amp;"));
        isChanged = true;
      }
    },
  });
  const patched = await rewrite(rewriter, head);
  if (elements > MAX_META_ELEMENTS) reason = "csp-unreadable";
  if (reason !== null) return { works: false, reason };
  return { works: true, head: isChanged && patched !== null ? patched : head };
}

/** @returns `null` where the output is not complete. */
async function rewrite(rewriter: HTMLRewriter, head: Uint8Array): Promise<Uint8Array | null> {
  // One byte a character: so no byte of the page is lost in any charset.
  const headers = { "content-type": "text/html; charset=windows-1252" };
  const marked = new Response(concat(head, new TextEncoder().encode(END_MARK)), { headers });
  try {
    const bytes = new Uint8Array(await rewriter.transform(marked).arrayBuffer());
    const end = bytes.length - END_MARK.length;
    const isWhole = new TextDecoder().decode(bytes.subarray(end)) === END_MARK;
    return isWhole ? bytes.subarray(0, end) : null;
  } catch {
    return null;
  }
}
