import { decodeCharacterReferences } from "../../core/page/html-text.ts";
import { readToken } from "../../core/page/html-token.ts";
import { type PolicyReason } from "../../core/policy/obstacle.ts";
import { type PolicyDecision } from "../../core/policy/patch-policies.ts";
import { decode } from "./page-beginning.ts";

/** Changes one policy. */
export type PatchPolicy = (policy: string) => PolicyDecision;

export type ElementPatch =
  | { readonly works: true; readonly bytes: Uint8Array }
  | { readonly works: false; readonly reason: PolicyReason | "parsers-disagree" };

/** Puts one tag into pages. */
export interface TagWriter {
  readonly tag: string;
  /**
   * Adds the tag to a page's opening.
   *
   * HTMLRewriter reads the opening for itself, and looks for the `<head>` in it. Its output is used only where it finds our
   * place and where every other byte is as it was.
   *
   * @param opening The page up to the place of the tag.
   * @param isInHead Whether the opening ends with a `<head>` tag.
   * @returns `null` where HTMLRewriter sees another place, or loses a byte.
   */
  write(opening: Uint8Array, isInHead: boolean): Promise<Uint8Array | null>;
}

/** Openings of one site for which HTMLRewriter's answer is kept: nearly all of its pages begin alike. */
const MAX_KNOWN_OPENINGS = 32;

/**
 * Makes the rewriters once, since that takes as long as to use them. Each opening goes through them once.
 *
 * @param tag An element in ASCII.
 */
export function createTagWriter(tag: string): TagWriter {
  const inHead = new HTMLRewriter().on("head", { element: (head) => void head.prepend(tag, { html: true }) });
  const atEnd = new HTMLRewriter().onDocument({ end: (end) => void end.append(tag, { html: true }) });
  const known = new Map<string, Uint8Array>();
  return {
    tag,
    async write(bytes, isInHead) {
      const opening = decode(bytes);
      const answer = known.get(opening);
      if (answer !== undefined) return answer.slice();
      // Without a label it takes the page for UTF-8, and then loses no byte either: it changes no text here.
      const output = await rewrite(isInHead ? inHead : atEnd, new Response(bytes));
      if (output === null || decode(output) !== opening + tag) return null;
      if (known.size === MAX_KNOWN_OPENINGS) known.clear();
      known.set(opening, output);
      return output.slice();
    },
  };
}

/**
 * Patches a `<meta>` element where it is a policy.
 *
 * @param element The bytes of this element alone, in any charset that extends ASCII.
 */
export async function patchPolicyElement(element: Uint8Array, patch: PatchPolicy): Promise<ElementPatch> {
  const found: { decision: PolicyDecision | null } = { decision: null };
  const rewriter = new HTMLRewriter().on("meta[http-equiv][content]", {
    element(meta) {
      // Compared without trimming. No named reference stands for a letter or a hyphen.
      const name = decodeCharacterReferences(meta.getAttribute("http-equiv") ?? "");
      if (name?.toLowerCase() !== "content-security-policy") return;
      const policy = decodeCharacterReferences(meta.getAttribute("content") ?? "");
      const decision: PolicyDecision = policy === null ? { works: false, reason: "csp-unreadable" } : patch(policy);
      const isSame = decision.works && decision.policies.enforced === policy;
      found.decision = isSame ? null : decision;
      if (isSame || !decision.works) return;
      // HTMLRewriter escapes quotes alone: browsers would read a text such as "&#59" as a semicolon.
      meta.setAttribute("content", (decision.policies.enforced ?? "").replaceAll("&", "&amp;"));
    },
  });
  const output = await rewrite(rewriter, new Response(element, { headers: HEADERS }));
  const { decision } = found;
  if (decision === null) return { works: true, bytes: element };
  if (!decision.works) return { works: false, reason: decision.reason };
  return output !== null && isOneMeta(decode(output))
    ? { works: true, bytes: output }
    : { works: false, reason: "parsers-disagree" };
}

function isOneMeta(html: string): boolean {
  const token = readToken(html, 0);
  return token.kind === "tag" && token.name === "meta" && token.end === html.length;
}

/** One byte a character: so no byte is lost, whatever the page's charset is. */
const HEADERS = { "content-type": "text/html; charset=windows-1252" };

/** @returns `null` where HTMLRewriter fails. */
async function rewrite(rewriter: HTMLRewriter, page: Response): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await rewriter.transform(page).arrayBuffer());
  } catch {
    return null;
  }
}
