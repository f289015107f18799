import { readFileSync } from "node:fs";
import { type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { noFaults, type PlantedFaults, POLICY_SCRIPT } from "../../faults/planted-faults.ts";
import { readBody, readCookie, type Route, send, sendHtml } from "../route.ts";
import { CATEGORIES, PRODUCTS } from "./catalogue.ts";
import { renderPrivacy } from "./privacy.ts";
import { renderAbout, renderCart, renderCategory, renderHelp, renderHome, renderProduct } from "./pages.ts";

const STYLE = readFileSync(join(import.meta.dirname, "./shop.css"));

/** The shop itself. @param planted May be changed: takes effect from the next page on. */
export function createShopRoutes(planted: PlantedFaults = { ...noFaults }): readonly Route[] {
  const page = (path: string, about: string, html: string): Route => ({
    path,
    about,
    handle: (_request, response) => sendHtml(response, planted.shopPolicy === "none" ? html : withPolicy(html)),
  });
  return [
    page("/", "home", renderHome()),
    page("/about", "about us", renderAbout()),
    page("/help", "help", renderHelp()),
    page("/privacy", "consent, forgetting and starting afresh", renderPrivacy()),
    ...CATEGORIES.map((category) => page(`/shop/${category.slug}`, category.name, renderCategory(category))),
    ...PRODUCTS.map((product) => page(`/product/${product.slug}`, product.name, renderProduct(product))),
    {
      path: "/cart",
      about: "the cart, kept in a cookie",
      handle: (request, response) => sendHtml(response, renderCart(readCart(request)), { "cache-control": "no-store" }),
    },
    {
      path: "/cart/add",
      about: "puts a product into the cart",
      handle: async (request, response) => {
        const form = new URLSearchParams((await readBody(request)).toString());
        keepCart(response, [...readCart(request), form.get("product") ?? ""]);
      },
    },
    {
      path: "/cart/empty",
      about: "empties the cart",
      handle: (_request, response) => keepCart(response, []),
    },
    {
      path: "/assets/shop.css",
      about: "style",
      handle: (_request, response) =>
        send(response, STYLE, { "content-type": "text/css", "cache-control": "public, max-age=60" }),
    },
  ];
}

function withPolicy(html: string): string {
  return html.replace("<head>", `<head>${POLICY_SCRIPT}`);
}

function readCart(request: IncomingMessage): string[] {
  const cart = readCookie(request, "cart");
  return cart === "" ? [] : cart.split(".");
}

function keepCart(response: ServerResponse, slugs: readonly string[]): void {
  const known = slugs.filter((slug) => PRODUCTS.some((product) => product.slug === slug));
  response.writeHead(303, {
    location: "/cart",
    "set-cookie": `cart=${known.join(".")}; Path=/; HttpOnly; SameSite=Lax`,
  });
  response.end();
}
