import { parseContentType } from "../../core/page/content-type.ts";
import { searchHead } from "../../core/page/head-search.ts";
import { decodeCharacterReferences } from "../../core/page/html-text.ts";
import { decideByHeaders, decidePlace } from "../../core/page/page-decision.ts";
import { renderScriptTag } from "../../core/page/script-tag.ts";
import { buildChatSources, type ChatSources } from "../../core/policy/chat-sources.ts";
import { patchPolicies, type Policies, type PolicyDecision } from "../../core/policy/patch-policies.ts";
import { isChosenPath } from "../../core/settings/chosen-paths.ts";
import { type Settings } from "../../core/settings/settings.ts";
import { MAX_HEAD_BYTES, MAX_POLICIES } from "../../limits.ts";
import { isBesideRoutes } from "../shared/route.ts";
import { readHttpEquivs } from "../site/markup.ts";
import { type Answer, decodeBody } from "../site/request.ts";

/** What the Worker puts into pages, and into which. */
export interface Injection {
  readonly chatPath: string;
  readonly sources: ChatSources;
  readonly async: boolean;
  readonly isIncluded: (pathname: string) => boolean;
  /** Whether no Route leads a page to the Worker, so that the owner writes the tag into it. */
  readonly isBesideRoutes: (page: URL) => boolean;
}

/** @param routes All Routes of the Worker. */
export function toInjection(settings: Settings, routes: readonly string[]): Injection {
  const { CHAT_PATH, CONNECT_REGION, EXCLUDE_PATHS, IMAGE_SOURCES, INCLUDE_PATHS, widget } = settings;
  return {
    chatPath: CHAT_PATH,
    sources: buildChatSources(widget, CONNECT_REGION, IMAGE_SOURCES),
    async: widget.source === "snippet",
    isIncluded: (pathname) => isChosenPath({ include: INCLUDE_PATHS, exclude: EXCLUDE_PATHS }, pathname),
    isBesideRoutes: (page) => isBesideRoutes(page, routes, CHAT_PATH),
  };
}

/**
 * Decides as the Worker would about a page that a browser opens, with the Worker's own rules. The page's head is taken as if it
 * arrived in one piece.
 *
 * @returns Why the Worker would leave the page alone; `null`: the page would get the chat.
 */
export function decidePage(page: Answer, { async, chatPath, isIncluded, sources }: Injection): string | null {
  if (!isIncluded(page.url.pathname)) return "excluded-path";
  const patch = (found: Policies) => patchPolicies(found, sources, `${page.url.origin}${chatPath}/`);
  const decision = decideByHeaders(page, patch);
  if (!decision.inject) return decision.reason;
  const body = decodeBody(page);
  if (body === null) return "encoding";
  // One character a byte, whatever the charset.
  const html = new TextDecoder("windows-1252").decode(body.subarray(0, MAX_HEAD_BYTES));
  const place = decidePlace(html, {
    isComplete: body.length <= MAX_HEAD_BYTES,
    isNavigation: true,
    hasCharset: parseContentType(page.headers.get("content-type")).charset !== null,
    tagBytes: renderScriptTag({ chatPath, async, nonce: decision.nonce }).length,
  });
  if (place.kind !== "insert") return place.kind === "leave" ? place.reason : "no-head-found";
  const { policies } = searchHead(html, place.at);
  return decideByPolicies(
    policies.map(({ at, end }) => html.slice(at, end)),
    patch,
  );
}

/** @param elements The source of each `<meta>` that may be a policy. */
function decideByPolicies(elements: readonly string[], patch: (found: Policies) => PolicyDecision): string | null {
  if (elements.length > MAX_POLICIES) return "csp-unreadable";
  const reasons = elements
    .flatMap((element) => readHttpEquivs(element))
    .flatMap(({ name, content }) => {
      if (decodeCharacterReferences(name)?.toLowerCase() !== "content-security-policy") return [];
      const enforced = decodeCharacterReferences(content);
      if (enforced === null) return "csp-unreadable";
      const decision = patch({ enforced, reportOnly: null });
      return decision.works ? [] : decision.reason;
    });
  return reasons.at(-1) ?? null;
}
