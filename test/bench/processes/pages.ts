/** Pages as shops and magazines send them: a head of 2 KB, then markup. */

const HEAD = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Garden chairs and tables made of ash and oak – The Example Shop</title>
<meta name="description" content="Chairs, tables and benches for gardens and balconies, made of ash and oak.">
<link rel="canonical" href="https://www.example.com/garden/chairs-and-tables">
<link rel="preconnect" href="https://images.example.com" crossorigin>
<link rel="preload" href="/fonts/example-sans-400.woff2" as="font" type="font/woff2" crossorigin>
<link rel="preload" href="/fonts/example-sans-700.woff2" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="/assets/app-4f1c2d9e.css">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<meta property="og:type" content="website">
<meta property="og:title" content="Garden chairs and tables">
<meta property="og:image" content="https://images.example.com/garden/title-1200x630.jpg">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","position":1,"name":"Garden","item":"https://www.example.com/garden"},{"@type":"ListItem","position":2,"name":"Chairs and tables"}]}</script>
<script>window.dataLayer = window.dataLayer || []; function track() { dataLayer.push(arguments); } track('js', new Date());</script>
<script defer src="/assets/vendor-91be07aa.js"></script>
<script defer src="/assets/app-c03d55f1.js"></script>
<style>:root{--ink:#222;--paper:#fff}body{margin:0;font:16px/1.5 Example,sans-serif;color:var(--ink);background:var(--paper)}header{display:flex}.card{border:1px solid #ddd;border-radius:4px;padding:1rem}</style>
</head>
`;

const START = `<body class="category">
<header><a href="/">The Example Shop</a><nav><ul><li><a href="/house">House</a></li><li><a href="/garden">Garden</a></li></ul></nav></header>
<main><h1>Chairs and tables</h1>
`;

const END = "</main>\n<footer><p>© The Example Shop</p></footer>\n</body>\n</html>\n";

/** @param bytes Exact length of the whole page. */
export function buildPage(bytes: number): Buffer {
  const parts = [HEAD, START];
  let length = Buffer.byteLength(HEAD + START + END);
  for (let number = 1; ; number += 1) {
    const card = renderCard(number);
    if (length + card.length > bytes) break;
    parts.push(card);
    length += card.length;
  }
  parts.push(" ".repeat(bytes - length), END);
  return Buffer.from(parts.join(""));
}

function renderCard(number: number): string {
  return `<article class="card" id="product-${number}" data-price="${100 + (number % 90)}">
<a href="/garden/product-${number}"><img loading="lazy" src="https://images.example.com/garden/${number}-320.jpg" width="320" height="240" alt="Product ${number}"></a>
<h2><a href="/garden/product-${number}">Folding chair No. ${number}</a></h2>
<p>Oiled ash, brass fittings; folds flat &amp; hangs on a hook. <em>Delivered within a week.</em></p>
<form action="/cart" method="post"><input type="hidden" name="product" value="${number}"><button>Add to cart</button></form>
</article>
`;
}

/** @returns The page's part up to the end of its head. */
export function buildPageHead(): Buffer {
  return Buffer.from(HEAD);
}

/** @returns A page in three parts: its head, the beginning of its body, and the end. */
export function buildPageInPieces(): readonly Buffer[] {
  return [buildPageHead(), Buffer.from(START), Buffer.from(END)];
}
