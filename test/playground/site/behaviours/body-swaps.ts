import { type IncomingMessage, type ServerResponse } from "node:http";
import { type Route, send, sendHtml } from "../route.ts";

const PAGES = ["", "second", "third"];

/**
 * Does what Turbo Drive does on a click on a link: fetches the page, merges its head, and puts its body in place of this one.
 *
 * Source: hotwired/turbo 8, `page_renderer.js`: scripts of the new head that are not in this one are added, the others stay;
 * scripts in the body run again; every other element of the head is exchanged.
 */
const DRIVER = `(() => {
  const tell = (name, detail = {}) =>
    document.documentElement.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  const runnable = (script) => {
    const copy = document.createElement("script");
    for (const { name, value } of script.attributes) copy.setAttribute(name, value);
    copy.textContent = script.textContent;
    copy.async = false;
    return copy;
  };
  const mergeHead = (head) => {
    const known = new Set([...document.head.children].map((element) => element.outerHTML));
    const wanted = [...head.children];
    const kept = new Set(wanted.map((element) => element.outerHTML));
    for (const element of [...document.head.children]) {
      if (!element.matches("script, style, link[rel=stylesheet]") && !kept.has(element.outerHTML)) element.remove();
    }
    for (const element of wanted) {
      if (known.has(element.outerHTML)) continue;
      document.head.append(element.matches("script") ? runnable(element) : document.adoptNode(element));
    }
  };
  const render = (page) => {
    mergeHead(page.head);
    const body = document.adoptNode(page.body);
    for (const script of body.querySelectorAll("script")) script.replaceWith(runnable(script));
    tell("turbo:before-render", { newBody: body });
    document.body.replaceWith(body);
    tell("turbo:render");
    tell("turbo:load");
  };
  const visit = async (url) => {
    const response = await fetch(url, { headers: { accept: "text/html, application/xhtml+xml" } });
    render(new DOMParser().parseFromString(await response.text(), "text/html"));
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link === null || link.origin !== location.origin) return;
    event.preventDefault();
    history.pushState({}, "", link.href);
    visit(link.href);
  });
  addEventListener("popstate", () => visit(location.href));
})();
`;

/** A site that never loads a second page: it swaps the body of the first. */
export const bodySwapRoutes: readonly Route[] = [
  ...PAGES.map((name) => ({
    path: `/try/turbo/${name}`,
    about: `a page whose links swap the body${name === "" ? "" : `, ${name}`}`,
    handle: (_request: IncomingMessage, response: ServerResponse) => sendHtml(response, renderPage(name)),
  })),
  {
    path: "/try/turbo/drive.js",
    about: "what swaps it",
    handle: (_request, response) => send(response, DRIVER, { "content-type": "text/javascript" }),
  },
];

function renderPage(name: string): string {
  const title = name === "" ? "first" : name;
  const links = PAGES.map((page) => `<a href="/try/turbo/${page}">${page === "" ? "first" : page}</a>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="description" content="The ${title} page">
<title>${title}</title>
<script src="/try/turbo/drive.js" defer></script>
</head>
<body>
<nav>${links.join("\n")}</nav>
<main><h1>${title}</h1></main>
<script>window.bodyScripts = (window.bodyScripts ?? 0) + 1;</script>
</body>
</html>
`;
}
