import { WEEK_SECONDS } from "../../../src/limits.ts";
import { startWatchedShop, type WatchedShop } from "../../worker/scheduled/watched-shop.ts";
import { type Attack, type Target } from "../attack.ts";

/** Attacks by failures that never happened. */
export const alertAttacks: readonly Attack[] = [
  {
    name: "Tells hundreds of failures that never happened, to wake the owner",
    withoutGuard: {
      file: "src/limits.ts",
      from: "MAX_COUNTED_PER_NETWORK = 3",
      to: "MAX_COUNTED_PER_NETWORK = 1_000_000",
    },
    attempt: wakes(({ tell }) => tell({ networks: 2, operators: 2, each: 20 })),
  },
  {
    name: "Wakes the owner with made-up failures from a home and a telephone, by the many networks that IPv6 gives to each",
    withoutGuard: { file: "src/http/chat/outcomes.ts", from: '?? "", 56', to: '?? "", 64' },
    attempt: wakes(({ tell }) =>
      tell({
        networks: 20,
        operators: 2,
        each: 3,
        addressOf: (network) => `2001:db8:${network % 2}:${(network >> 1).toString(16)}::1`,
      }),
    ),
  },
  {
    name: "Wakes the owner with made-up failures, from every address of one rented machine",
    withoutGuard: { file: "src/limits.ts", from: "TROUBLE_OPERATOR_SHARE = 0.5", to: "TROUBLE_OPERATOR_SHARE = 1" },
    attempt: wakes(({ tell }) => tell({ networks: 60, operators: 1 })),
  },
  {
    name: "Wakes the owner again and again with made-up failures",
    withoutGuard: {
      file: "src/core/watch/decide-troubles.ts",
      from: "const before = known[trouble] ?? null;",
      to: "const before = null;",
    },
    attempt: wakes(async ({ run, tell }) => {
      await tell({ networks: 50, operators: 5 });
      for (let runs = 0; runs < 2; runs += 1) await run();
    }, 1),
  },
  {
    name: "Wakes the owner again and again with ten made-up failures, by page views that make them an ever smaller share",
    withoutGuard: {
      file: "src/core/watch/decide-troubles.ts",
      from: "const line = decideLine(failure, base, weekBefore);",
      to: "const line = Math.max(decideLine(failure, base, weekBefore), TROUBLE_LEAST_COUNT / base);",
    },
    attempt: wakes(async ({ run, tell, viewPages }) => {
      await tell({ networks: 12, operators: 4 });
      for (const pages of [100, 200]) {
        await run();
        viewPages(pages);
      }
    }, 1),
  },
  {
    name: "Has the owner told that nobody opens the chat any more, by chats that one rented machine made up a week before",
    withoutGuard: {
      file: "src/core/watch/decide-troubles.ts",
      from: "weigh(openedBefore, { count: GONE_LEAST_CHATS * TROUBLE_OPERATOR_SHARE })",
      to: "weigh(openedBefore)",
    },
    attempt: wakes(async ({ moveTo, tell, viewPages }) => {
      await moveTo(-WEEK_SECONDS);
      viewPages(100);
      await tell({ networks: 60, operators: 1, word: "opened" });
      await moveTo(60);
    }),
  },
];

/**
 * @param attack In an hour of 100 page views.
 * @param most How many messages the owner gets in any case.
 */
function wakes(attack: (shop: WatchedShop) => Promise<void>, most = 0): Attack["attempt"] {
  return async ({ start }: Target) => {
    const shop = await startWatchedShop((vars) => start({ ...vars, SELF_OFF: "0" }));
    try {
      shop.viewPages(100);
      await attack(shop);
      await shop.run();
      return shop.alerts().length > most;
    } finally {
      await shop.closeServers();
    }
  };
}
