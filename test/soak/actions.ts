import { type Counters } from "./counters.ts";
import { callChat, createBrowser, readToken, request, type SoakBrowser, toTokenBody } from "./browser.ts";
import { OUTCOME_WORDS, pickCounted } from "../../src/core/outcome/outcome.ts";
import { PAGES } from "./site.ts";
import { type Truth } from "./truth.ts";

/** What an action works with. */
export interface Scene {
  readonly origin: string;
  readonly truth: Truth;
  readonly counters: Counters;
  /** How long answers took, in milliseconds. */
  readonly latencies: { readonly pages: number[]; readonly tokens: number[] };
  /** The faults, in words; the summary prints the first ones. */
  readonly notes: string[];
  readonly newPerson: () => string;
}

type Action = (scene: Scene, browser: SoakBrowser) => Promise<unknown>;

const asPage = { "sec-fetch-dest": "document" };

/** Everything that people do, and how often. */
export const ACTIONS: readonly (readonly [weight: number, action: Action])[] = [
  [60, viewPage],
  [4, revalidatePage],
  [3, closePage],
  [3, upload],
  [4, loadScript],
  [6, tellOutcomes],
  [10, startChat],
  [8, endChat],
  [3, askForToken],
  [1, forget],
  [1, lendBrowser],
  [1, signOut],
  [2, stealContact],
  [1, sendGarbage],
];

async function viewPage({ origin, counters, latencies, notes }: Scene, browser: SoakBrowser): Promise<void> {
  const page = pick(PAGES);
  const begun = performance.now();
  const response = await request(origin, browser, page.path, { headers: asPage });
  const body = Buffer.from(await response.arrayBuffer());
  latencies.pages.push(performance.now() - begun);
  counters.pages++;
  if (response.status === 200 && body.equals(page.expected)) return;
  counters.changedPages++;
  notes.push(`${page.path}: ${response.status}, ${body.length} bytes instead of ${page.expected.length}`);
}

async function revalidatePage(scene: Scene, browser: SoakBrowser): Promise<void> {
  const { origin, counters } = scene;
  const first = await request(origin, browser, "/validated", { headers: asPage });
  await first.arrayBuffer();
  const known = { ...asPage, "if-none-match": first.headers.get("etag") ?? "" };
  const again = await request(origin, browser, "/validated", { headers: known });
  await again.arrayBuffer();
  counters.pages += 2;
  expectStatus(scene, again, 304);
}

/** A visitor who closes the page before it has come. */
async function closePage({ origin, counters }: Scene): Promise<void> {
  const controller = new AbortController();
  const response = await fetch(`${origin}/long`, { headers: asPage, signal: controller.signal });
  controller.abort();
  await response.arrayBuffer().catch(() => undefined);
  counters.pages++;
}

async function upload(scene: Scene, browser: SoakBrowser): Promise<void> {
  const body = "tea ".repeat(5000);
  const response = await request(scene.origin, browser, "/upload", { method: "POST", body });
  if ((await response.text()) !== body) scene.counters.changedPages++;
  scene.counters.pages++;
}

/** The chat has switched itself off, and live chats stay. A customer's other browser may have pushed one out of the cookie. */
async function loadScript(scene: Scene, browser: SoakBrowser): Promise<void> {
  const { counters, notes, origin } = scene;
  const response = await request(origin, browser, "/_chat/widget.js");
  const isEmpty = (await response.text()) === "";
  expectStatus(scene, response, 200);
  if (!isEmpty) return;
  counters.emptyScripts++;
  if (browser.customer !== null || browser.live === null) return;
  counters.lostWidgets++;
  notes.push(`${browser.person} lost the widget of a live chat`);
}

/** A page view's beacon, from any network. */
async function tellOutcomes(scene: Scene, browser: SoakBrowser): Promise<void> {
  const outcomes = [...new Set([pick(OUTCOME_WORDS), pick(OUTCOME_WORDS)])];
  const response = await request(scene.origin, browser, "/_chat/outcomes", {
    method: "POST",
    headers: {
      "sec-fetch-site": "same-origin",
      "content-type": "application/json",
      "cf-connecting-ip": `192.0.2.${Math.floor(256 * Math.random())}`,
    },
    body: JSON.stringify({ outcomes, version: "1.0.0" }),
  });
  await response.arrayBuffer();
  if (expectStatus(scene, response, 204)) scene.counters.outcomes += pickCounted(outcomes).length;
}

/** Asks for a token, and lets the judge compare its contact ids. */
async function askForToken(scene: Scene, browser: SoakBrowser) {
  const { origin, counters, latencies, truth, notes } = scene;
  const begun = performance.now();
  const response = await callChat(origin, browser, "token", { method: "POST", body: toTokenBody(browser) });
  latencies.tokens.push(performance.now() - begun);
  counters.tokens++;
  if (!expectStatus(scene, response, 200)) return null;
  const token = await readToken(response);
  const { isForeign, isBroken } = truth.judge(browser.person, token);
  if (isForeign) counters.foreignIds++;
  if (isBroken) counters.brokenContinuities++;
  if (isForeign || isBroken) notes.push(`${browser.person} was offered ${token.contactId}, ${token.contactIdFallback}`);
  return token;
}

async function startChat(scene: Scene, browser: SoakBrowser): Promise<void> {
  const token = await askForToken(scene, browser);
  if (token === null) return;
  const contactId = crypto.randomUUID();
  const response = await report(scene, browser, { contactId, ticket: token.ticket, event: "started" });
  if (!expectStatus(scene, response, 201)) return;
  scene.truth.acknowledged(browser.person, contactId, token.issuedAt);
  scene.counters.chats++;
  browser.live = { contactId, ticket: token.ticket };
}

async function endChat(scene: Scene, browser: SoakBrowser): Promise<void> {
  if (browser.live === null) return;
  const response = await report(scene, browser, { ...browser.live, event: "ended" });
  browser.live = null;
  expectStatus(scene, response, 201, 200);
}

function report({ origin }: Scene, browser: SoakBrowser, body: object): Promise<Response> {
  return callChat(origin, browser, "contacts", { method: "POST", body: { ageSeconds: 0, ...body } });
}

async function forget(scene: Scene, browser: SoakBrowser): Promise<void> {
  // Without our cookie, the Worker cannot tell which customer to forget.
  if (browser.customer !== null) return;
  const copy = browser.cookies.copy();
  expectStatus(scene, await callChat(scene.origin, browser, "visitor", { method: "DELETE" }), 204);
  scene.truth.forgotten(browser.person);
  scene.counters.forgettings++;
  clearVisitor(scene, browser);
  await askForToken(scene, { ...browser, person: scene.newPerson(), cookies: copy });
}

/** Another customer signs in, who must not get the chats of the browser's owner. */
async function lendBrowser(scene: Scene, browser: SoakBrowser): Promise<void> {
  const guest = `guest-of-${browser.person}`;
  await askForToken(scene, { ...browser, person: guest, customer: guest });
  // The cookie is now the guest's: an owner without an account is a new visitor after that.
  clearVisitor(scene, browser);
}

async function signOut(scene: Scene, browser: SoakBrowser): Promise<void> {
  const response = await request(scene.origin, browser, "/bye", { headers: asPage });
  await response.arrayBuffer();
  scene.counters.signOuts++;
  clearVisitor(scene, browser);
}

function clearVisitor({ newPerson }: Scene, browser: SoakBrowser): void {
  browser.live = null;
  if (browser.customer === null) browser.person = newPerson();
}

/** A thief who knows a contact id, and has a ticket of their own. */
async function stealContact(scene: Scene): Promise<void> {
  const { counters, origin, truth } = scene;
  const stolen = truth.contactIds.at(-Math.ceil(Math.random() * truth.contactIds.length));
  if (stolen === undefined) return;
  const thief = createBrowser("thief", null);
  const { ticket } = await readToken(await callChat(origin, thief, "token", { method: "POST", body: {} }));
  const response = await report(scene, thief, { contactId: stolen, ticket, event: "started" });
  await response.arrayBuffer();
  const { contactId } = await readToken(await callChat(origin, thief, "token", { method: "POST", body: {} }));
  counters.attacks++;
  if (response.status !== 403 || contactId !== "none") counters.succeededAttacks++;
}

async function sendGarbage(scene: Scene, browser: SoakBrowser): Promise<void> {
  const bodies = ["", "{", "[]", '{"token":7}', "x".repeat(20_000), '{"__proto__":{"token":"a"}}'];
  const headers = { "sec-fetch-site": pick(["same-origin", "cross-site"]), "content-type": "application/json" };
  const route = pick(["token", "contacts"]);
  const stranger = { ...browser, cookies: createBrowser("", null).cookies };
  const call = { method: "POST", headers, body: pick(bodies) };
  const response = await request(scene.origin, stranger, `/_chat/${route}`, call);
  await response.arrayBuffer();
  scene.counters.attacks++;
  expectStatus(scene, response, 400, 403, 413);
}

function expectStatus({ counters, notes }: Scene, response: Response, ...expected: number[]): boolean {
  if (expected.includes(response.status)) return true;
  counters.unexpectedAnswers++;
  notes.push(`${new URL(response.url).pathname}: ${response.status} instead of ${expected.join(" or ")}`);
  return false;
}

function pick<T>(items: readonly [T, ...T[]] | readonly T[]): T {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error("Nothing to pick from");
  return item;
}
