import { type ServerResponse } from "node:http";
import { type Category, CATEGORIES, type Product, PRODUCTS, toPrice } from "./catalogue.ts";
import { renderShopPage } from "./layout.ts";
import { renderPicture } from "./product-picture.ts";

const QUESTIONS: readonly (readonly [question: string, answer: string])[] = [
  [
    "How long does delivery take?",
    "Two working days within the country, four to six elsewhere in Europe. You get a tracking number when the parcel leaves the shop, and a second message on the day it arrives. Above €40 we pay for the delivery.",
  ],
  [
    "Can I send something back?",
    "Yes, within 30 days, opened or not. Tea that you do not like is our fault for having described it badly. Write to us first, so that we can send a label; the refund follows within three days of the parcel's arrival.",
  ],
  [
    "My pot arrived broken. What now?",
    "Take a picture, send it to us, and keep the pieces for a week in case the carrier asks. A new one leaves the same day. You do not need to send anything back.",
  ],
  [
    "How should I keep my tea?",
    "Dark, dry, and away from coffee and spices. Green tea in the fridge once it is open, black tea anywhere in the kitchen but above the stove. A tin with an inner lid is worth its money.",
  ],
  [
    "Which water is best?",
    "Soft water. If yours is hard, a simple filter makes more difference than a more expensive tea. Let it come to the boil and then cool down, rather than stopping halfway: it tastes livelier.",
  ],
  [
    "Do you have a shop that I can visit?",
    "Thursdays to Saturdays, ten to six, at 7 Mill Lane. The kettle is always on, and you can taste whatever is open. Please ring twice: the first ring is usually drowned out by the roaster.",
  ],
  [
    "Can I change an order?",
    "Until noon of the day on which it leaves, yes. Ask us in the chat: that is the fastest way, and whoever answers can see what you wrote to us before.",
  ],
  [
    "Are your teas organic?",
    "Most are grown so, some are certified. Small gardens often cannot pay for a certificate in each country they sell to, so we have every lot tested for residues and send you the results if you ask.",
  ],
];

const HOW_TO_BREW: readonly (readonly [tea: string, grams: string, water: string, time: string])[] = [
  ["Japanese green", "5 g for 250 ml", "60 to 70 °C", "1 minute"],
  ["Chinese green", "4 g for 250 ml", "75 to 80 °C", "2 minutes"],
  ["Roasted green", "6 g for 300 ml", "95 °C", "30 seconds"],
  ["Jasmine", "3 g for 250 ml", "80 °C", "3 minutes"],
  ["Black, leaf", "4 g for 300 ml", "95 °C", "3 to 4 minutes"],
  ["Black, broken", "5 g for 300 ml", "100 °C", "3 minutes"],
];

export function renderHome(): string {
  const [first] = PRODUCTS;
  return renderShopPage({
    title: "Loose tea and teaware",
    path: "/",
    main: `<section class="hero">
<div>
<h1>Tea that is worth the wait</h1>
<p class="lead">Eight teas and four things to make them in. Small enough a choice that we can tell you about each of them, and we will: just ask.</p>
<p><a class="button" href="/shop/green">See this spring’s harvest</a></p>
</div>
${first === undefined ? "" : renderPicture(first)}
</section>
${CATEGORIES.map(renderShelf).join("\n")}
<section>
<h2>How to brew it</h2>
${renderBrewTable()}
</section>`,
  });
}

export function renderCategory(category: Category): string {
  return renderShopPage({
    title: category.name,
    path: `/shop/${category.slug}`,
    main: `<p class="crumbs"><a href="/">Home</a> / ${category.name}</p>
<h1>${category.name}</h1>
<p class="lead">${category.line}</p>
${renderParagraphs(category.story)}
${renderCards(PRODUCTS.filter((product) => product.category === category.slug))}
<h2>How to brew it</h2>
${renderBrewTable()}
<h2>Before you ask</h2>
${renderQuestions(QUESTIONS.slice(0, 4))}`,
  });
}

export function renderProduct(product: Product): string {
  const category = CATEGORIES.find(({ slug }) => slug === product.category);
  const others = PRODUCTS.filter((other) => other.slug !== product.slug).slice(0, 6);
  const facts = Object.entries(product.facts).map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`);
  return renderShopPage({
    title: product.name,
    path: `/shop/${product.category}`,
    main: `<p class="crumbs"><a href="/">Home</a> / <a href="/shop/${product.category}">${category?.name ?? ""}</a> / ${product.name}</p>
<article class="product">
${renderPicture(product)}
<div>
<h1>${product.name}</h1>
<p class="lead">${product.line}</p>
${renderPrice(product)}
<form method="post" action="/cart/add">
<input type="hidden" name="product" value="${product.slug}">
<button>Put into the cart</button>
</form>
${renderParagraphs(product.story)}
<dl>${facts.join("\n")}</dl>
</div>
</article>
<h2>Others like it too</h2>
${renderCards(others)}
<h2>Before you ask</h2>
${renderQuestions(QUESTIONS.slice(0, 5))}`,
  });
}

/** @param slugs From the cart cookie, which anybody can write: only known products are shown. */
export function renderCart(slugs: readonly string[]): string {
  const items = slugs.flatMap((slug) => PRODUCTS.filter((product) => product.slug === slug));
  const total = items.reduce((sum, { priceCents }) => sum + priceCents, 0);
  const rows = items.map(
    ({ slug, name, unit, priceCents }) =>
      `<tr><td><a href="/product/${slug}">${name}</a></td><td>${unit}</td><td class="number">${toPrice(priceCents)}</td></tr>`,
  );
  const table = `<table>
<thead><tr><th>What</th><th>Size</th><th class="number">Price</th></tr></thead>
<tbody>${rows.join("\n")}</tbody>
<tfoot><tr><th colspan="2">Together</th><th class="number">${toPrice(total)}</th></tr></tfoot>
</table>
<form method="post" action="/cart/empty"><p><button>Order</button> <button class="quiet">Empty the cart</button></p></form>`;
  return renderShopPage({
    title: "Cart",
    path: "/cart",
    main: `<h1>Your cart</h1>
${items.length === 0 ? '<p class="lead">Nothing in it yet. The kettle is patient.</p>' : table}
<h2>You may also need</h2>
${renderCards(PRODUCTS.slice(6))}
<h2>Before you ask</h2>
${renderQuestions(QUESTIONS.slice(0, 3))}`,
  });
}

export function renderAbout(): string {
  return renderShopPage({
    title: "About us",
    path: "/about",
    main: `<h1>About us</h1>
<p class="lead">Two people, one roaster and a cellar that smells of jasmine.</p>
${renderParagraphs(
  [
    "Kettle & Leaf began as a shelf in the back of a book shop. People came for the books and stayed for the tea, then came for the tea and forgot the books. In the third year the shelf had become a room, and the book shop became our neighbour.",
    "We travel twice a year, in spring and in autumn, to the gardens that we buy from. That is less romantic than it sounds: mostly we sit in cold rooms and taste forty cups in a row. But it means that we know who made each of our teas, and that they know who drinks them.",
    "We sell few things, so that each of them is fresh. When a lot is finished, its page says so, and we tell you when the next one comes. We do not do flavours that need a laboratory, and we do not do sales.",
    "If you write to us in the chat, you get Ada or Finch. Both of them remember what you talked about last time, or can look it up: an answer should not begin with the same three questions.",
  ].map((text) => text.replace("&", "&amp;")),
)}
<h2>What we carry</h2>
${renderCards(PRODUCTS)}`,
  });
}

export function renderHelp(): string {
  return renderShopPage({
    title: "Help",
    path: "/help",
    main: `<h1>Help</h1>
<p class="lead">Most questions are answered here. For all others there is the chat.</p>
${renderQuestions(QUESTIONS)}
<h2>How to brew it</h2>
${renderBrewTable()}
<h2>Asked about most</h2>
${renderCards(PRODUCTS.slice(0, 8))}`,
  });
}

export function renderNotFound(response: ServerResponse): void {
  response.writeHead(404, { "content-type": "text/html; charset=utf-8" });
  response.end(
    renderShopPage({
      title: "Not here",
      main: `<h1>There is no such page</h1>
<p class="lead">Perhaps the tea is finished, or the address has a typing error.</p>
${renderCards(PRODUCTS.slice(0, 4))}`,
    }),
  );
}

function renderShelf({ slug, name, line }: Category): string {
  return `<section>
<h2><a href="/shop/${slug}">${name}</a></h2>
<p>${line}</p>
${renderCards(PRODUCTS.filter(({ category }) => category === slug))}
</section>`;
}

function renderCards(products: readonly Product[]): string {
  return `<ul class="grid">
${products.map(renderCard).join("\n")}
</ul>`;
}

function renderCard(product: Product): string {
  return `<li class="card">
${renderPicture(product)}
<div>
<h3><a href="/product/${product.slug}">${product.name}</a></h3>
<p>${product.line}</p>
${renderPrice(product)}
</div>
</li>`;
}

function renderPrice({ priceCents, unit }: Product): string {
  return `<p class="price">${toPrice(priceCents)} <small>${unit}</small></p>`;
}

function renderParagraphs(texts: readonly string[]): string {
  return texts.map((text) => `<p>${text}</p>`).join("\n");
}

function renderQuestions(questions: typeof QUESTIONS): string {
  return questions
    .map(([question, answer]) => `<details><summary>${question}</summary><p>${answer}</p></details>`)
    .join("\n");
}

function renderBrewTable(): string {
  const rows = HOW_TO_BREW.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`);
  return `<table>
<thead><tr><th>Tea</th><th>Leaves</th><th>Water</th><th>Time</th></tr></thead>
<tbody>${rows.join("\n")}</tbody>
</table>`;
}
