import { CATEGORIES } from "./catalogue.ts";

export interface ShopPage {
  readonly title: string;
  readonly main: string;
  /** The navigation entry that this page belongs to. */
  readonly path?: string;
}

type Entry = readonly [path: string, name: string];

const NAVIGATION: readonly Entry[] = [
  ...CATEGORIES.map(({ slug, name }) => [`/shop/${slug}`, name] as const),
  ["/about", "About us"],
  ["/help", "Help"],
];
const PERSONAL: readonly Entry[] = [
  ["/account", "Account"],
  ["/cart", "Cart"],
];

/** The frame around every page of the shop. */
export function renderShopPage({ title, main, path }: ShopPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Kettle &amp; Leaf</title>
<meta name="description" content="Loose tea and the pots to make it in, from people who drink too much of it.">
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath d='M16 4C7 10 7 22 16 28c9-6 9-18 0-24z' fill='%232f6b3c'/%3E%3C/svg%3E">
<link rel="stylesheet" href="/assets/shop.css">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
<div>
<a class="brand" href="/"><svg viewBox="0 0 32 32" aria-hidden="true"><path d="M16 3C6 9 6 23 16 29c10-6 10-20 0-26z" fill="#2f6b3c"/><path d="M16 9v16" stroke="#fff" stroke-width="1.6"/></svg>Kettle &amp; Leaf</a>
<nav aria-label="Shop">${NAVIGATION.map((entry) => renderLink(entry, path)).join("\n")}</nav>
<nav class="cart" aria-label="You">${PERSONAL.map((entry) => renderLink(entry, path)).join("\n")}</nav>
</div>
</header>
<main id="main">
${main}
</main>
<footer>
<div>
<p>Kettle &amp; Leaf, a shop that exists only on this machine.<br>Orders before noon would leave the same day.</p>
<p><a href="/help">Delivery and returns</a> · <a href="/about">Who we are</a> · <a href="/privacy">Privacy</a> · <a href="/try">Proxy behaviours</a></p>
</div>
</footer>
</body>
</html>
`;
}

function renderLink([target, name]: Entry, path: string | undefined): string {
  return `<a href="${target}"${target === path ? ' aria-current="page"' : ""}>${name}</a>`;
}
