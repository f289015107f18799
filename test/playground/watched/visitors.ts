import { type Browser, type Page } from "playwright-core";
import { type Network, type NetworkEdge } from "./network-edge.ts";

const SAFARI =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15";
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

/** So many visitors are there together: more would wait for each other on a busy machine. */
const AT_ONCE = 4;

/** As many networks, of six operators. */
export function createNetworks(count: number): Network[] {
  return Array.from({ length: count }, (_, index) => ({
    address: `198.51.100.${index + 1}`,
    asn: 64_500 + (index % 6),
  }));
}

/** From each network, one visitor opens the shop, does something there, and leaves. Three of four have Safari. */
export async function visitFromAll(
  browser: Browser,
  edge: NetworkEdge,
  networks: readonly Network[],
  act: (page: Page) => Promise<unknown>,
): Promise<void> {
  const waiting = networks.map((_, index) => index);
  const visit = async (index: number): Promise<void> => {
    const context = await browser.newContext({ userAgent: index % 4 === 0 ? FIREFOX : SAFARI });
    const page = await context.newPage();
    await page.goto(edge.originOf(index));
    await act(page);
    // A page tells what it saw when it is left.
    await page.goto("about:blank");
    await context.close();
  };
  const visitNext = async (): Promise<void> => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) await visit(index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visitNext));
}
