import { control } from "../../worker/instrumented.ts";
import { startWatchedShop, type WatchedShop } from "../../worker/scheduled/watched-shop.ts";
import { type Attack, type Target } from "../attack.ts";
import { createSharedCache } from "../shared-cache.ts";

const DECISION = "src/core/watch/self-off.ts";
const OPERATORS = { file: "src/limits.ts", from: "SELF_OFF_OPERATOR_SHARE = 0.25", to: "SELF_OFF_OPERATOR_SHARE = 1" };

/** Attacks on a chat that switches itself off, by failures that never happened. */
export const selfOffAttacks: readonly Attack[] = [
  {
    name: "Switches a shop's chat off with made-up failures, told again and again from twenty addresses",
    withoutGuard: {
      file: "src/limits.ts",
      from: "MAX_COUNTED_PER_NETWORK = 3",
      to: "MAX_COUNTED_PER_NETWORK = 1_000_000",
    },
    attempt: switchesOff(1000, ({ tell }) => tell({ networks: 20, operators: 5, each: 12 })),
  },
  {
    name: "Switches a shop's chat off with made-up failures, from every address that three hosters rent out",
    withoutGuard: OPERATORS,
    attempt: switchesOff(200, ({ tell }) => tell({ networks: 90, operators: 3 })),
  },
  {
    name: "Switches a shop's chat off with made-up failures, from the few networks that one person can reach",
    withoutGuard: { file: DECISION, from: "networks < least", to: "false" },
    attempt: switchesOff(60, ({ tell }) => tell({ networks: 19, operators: 5, each: 3 })),
  },
  {
    name: "Switches a shop's chat off with made-up failures, from ten addresses that count twice around a full hour",
    withoutGuard: {
      file: DECISION,
      from: "from >= hour && ",
      to: "",
    },
    async attempt({ start }) {
      return inShop(start, async (shop) => {
        await shop.moveTo(1790);
        await shop.tell({ networks: 10, operators: 5, each: 3 });
        await shop.moveTo(1990);
        shop.viewPages(100);
        await shop.tell({ networks: 10, operators: 5, each: 3, from: 0 });
        await shop.run();
        return !(await shop.isOn());
      });
    },
  },
  {
    name: "Switches a shop's chat off with made-up failures, in the first minutes of an hour, when few page views are counted",
    withoutGuard: {
      file: DECISION,
      from: "const from = now - SELF_OFF_SPAN_SECONDS;",
      to: "const from = Math.max(now - SELF_OFF_SPAN_SECONDS, hour);",
    },
    async attempt({ start }) {
      return inShop(start, async (shop) => {
        await shop.moveTo(2100);
        shop.viewPages(250);
        shop.viewPages(250, 400);
        await shop.tell({ networks: 25, operators: 5, each: 3 });
        await shop.run();
        return !(await shop.isOn());
      });
    },
  },
  {
    name: "Switches a shop's chat off with made-up failures, from fewer networks than its page views call for",
    withoutGuard: { file: DECISION, from: "failures < pages * line", to: "false" },
    attempt: switchesOff(1000, ({ tell }) => tell({ networks: 60, operators: 10, each: 3 })),
  },
  {
    name: "Keeps a chat off that has switched itself off, from a telephone and a home, while others try it",
    withoutGuard: OPERATORS,
    async attempt({ start }) {
      return inShop(start, async (shop) => {
        shop.viewPages(100);
        await shop.tell({ networks: 25, operators: 5 });
        await shop.run();
        await shop.moveTo(1210);
        shop.viewPages(100);
        await shop.tell({ networks: 6, operators: 2, each: 3 });
        await shop.run();
        await control(shop.worker, { random: 0 });
        return !(await shop.isOn());
      });
    },
  },
  {
    name: "Asks for widget.js while the chat has switched itself off, so that a cache in front has no chat for anybody later",
    withoutGuard: { file: "src/http/chat/widget-script.ts", from: "`private, max-age", to: "`public, max-age" },
    async attempt({ start }) {
      const { origin } = await startOff(start);
      const cache = createSharedCache(origin);
      await cache.get("/_chat/widget.js");
      await fetch(`${origin}/__test`, { method: "PATCH", body: JSON.stringify({ clockShiftSeconds: 5000 }) });
      return (await cache.get("/_chat/widget.js")).body.length === 0;
    },
  },
];

/** @param pages Page views of the last ten minutes. */
function switchesOff(pages: number, attack: (shop: WatchedShop) => Promise<void>): Attack["attempt"] {
  return ({ start }) =>
    inShop(start, async (shop) => {
      shop.viewPages(pages);
      await attack(shop);
      await shop.run();
      return !(await shop.isOn());
    });
}

async function inShop(start: Target["start"], attack: (shop: WatchedShop) => Promise<boolean>): Promise<boolean> {
  const shop = await startWatchedShop(start);
  try {
    return await attack(shop);
  } finally {
    await shop.closeServers();
  }
}

async function startOff(start: Target["start"]) {
  const worker = await start({ SELF_OFF: "1" });
  const now = Math.floor(Date.now() / 1000);
  const flag = { v: 1, offUntil: now + 600, trialUntil: now + 4200, told: "off" };
  await control(worker, { store: { "self-off": JSON.stringify(flag) } });
  return worker;
}
