import { type Browser, type Page } from "playwright-core";
import { launchChromium } from "../../browser/chromium.ts";
import { type Network, type NetworkEdge } from "./network-edge.ts";

const SAFARI =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15";
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

/** Browsers of visitors, as a site sees them: three of four have Safari. */
export interface Browsers {
  readonly safari: Browser;
  readonly firefox: Browser;
  close(): Promise<void>;
}

/**
 * Starts Chromium under other names. By an argument: a name that a test sets for a page is missing where the page sends its
 * last call.
 */
export async function launchBrowsers(): Promise<Browsers> {
  // One after the other: the first one may have to unpack Chromium.
  const safari = await launchChromium([], [`--user-agent=${SAFARI}`]);
  const firefox = await launchChromium([], [`--user-agent=${FIREFOX}`]);
  const close = async () => void (await Promise.all([safari.close(), firefox.close()]));
  return { safari, firefox, close };
}

/** So many visitors are there together: more would wait for each other on a busy machine. */
const AT_ONCE = 4;

/** As many networks, of six operators. */
export function createNetworks(count: number): Network[] {
  return Array.from({ length: count }, (_, index) => ({
    address: `198.51.100.${index + 1}`,
    asn: 64_500 + (index % 6),
  }));
}

/** From each network, one visitor opens the shop, does something there, and leaves. */
export async function visitFromAll(
  browsers: Browsers,
  edge: NetworkEdge,
  networks: readonly Network[],
  act: (page: Page) => Promise<unknown>,
): Promise<void> {
  const waiting = networks.map((_, index) => index);
  const visit = async (index: number): Promise<void> => {
    const context = await (index % 4 === 0 ? browsers.firefox : browsers.safari).newContext();
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
