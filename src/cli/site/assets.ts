import { type Element, hasAttribute, readAttribute } from "./elements.ts";

/**
 * The files that a browser asks for with a page, as far as the page's HTML names them: scripts, styles, images and media.
 *
 * @param elements All elements of the page.
 * @param base Against which addresses are resolved.
 * @returns Each address once, of any host.
 */
export function readAssets(elements: readonly Element[], base: URL): readonly URL[] {
  const urls = elements.map(readAssetAddress).flatMap((address) => (address !== "" && URL.parse(address, base)) || []);
  for (const url of urls) url.hash = "";
  return [...new Map(urls.map((url) => [url.href, url])).values()];
}

const LOADED_LINKS = /(?:^|\s)(?:stylesheet|icon|preload|modulepreload)(?:\s|$)/i;

/** The address that an element has a browser load; empty where it loads nothing. */
function readAssetAddress(element: Element): string {
  const read = (name: string) => readAttribute(element, name).trim();
  switch (element.tagName) {
    case "script":
      // A browser of today skips such a script.
      return hasAttribute(element, "nomodule") ? "" : read("src");
    case "link":
      return LOADED_LINKS.test(read("rel")) ? read("href") : "";
    case "img":
      // One of the candidates is loaded. They mostly are in one folder.
      return read("src") || firstCandidate(read("srcset"));
    case "video":
      return read("poster") || read("src");
    case "audio":
      return read("src");
    case "source":
      return isFirstOfMedia(element) ? read("src") : "";
    case "input":
      return read("type").toLowerCase() === "image" ? read("src") : "";
    default:
      return "";
  }
}

function firstCandidate(srcset: string): string {
  return srcset.split(/[\s,]+/).find((part) => part !== "") ?? "";
}

/** A browser takes one of several sources. Of a `<picture>`, its `<img>` counts instead. */
function isFirstOfMedia(source: Element): boolean {
  const parent = source.parentNode;
  if (parent === null || !("tagName" in parent) || parent.tagName === "picture") return false;
  const isSource = (node: (typeof parent.childNodes)[number]) => "tagName" in node && node.tagName === "source";
  return !hasAttribute(parent, "src") && parent.childNodes.find(isSource) === source;
}
