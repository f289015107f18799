import { describe, expect, it } from "vitest";
import { type ServiceHealth } from "../playground/connect/service/service-health.ts";
import { startPlayground } from "../playground/playground.ts";
import { startChat } from "../playground/start-chat.ts";
import { useServer } from "../worker/use-workers.ts";
import { createVisitorClient } from "../worker/visitor-client.ts";
import { expectPage, watchLogs } from "./chatter.ts";

/** Longer than the longest pause after Amazon could not answer. */
const LONG_PAUSE_MS = 120_000;
const LINK = "CreatePersistentContactAssociation";

const playground = useServer(() =>
  startPlayground({ port: 0, transcriptDelaySeconds: 1, aws: true, vars: { LINK_BY: "worker" } }),
);

/** A visitor's chat that is over, and the next one, whose report can be sent again. */
async function haveTwoChats() {
  const visitor = createVisitorClient(playground.worker.origin);
  const start = async () => {
    const { token, ticket } = await visitor.token();
    const contactId = await startChat(playground, token);
    return { contactId, report: (event = "started") => visitor.report({ ticket, contactId, event }) };
  };
  const past = await start();
  await past.report();
  playground.connect.agent.end(past.contactId);
  await past.report("ended");
  await playground.moveClock(60_000);
  return { past, chat: await start() };
}

const linksOf = (contactId: string) =>
  playground.connect.contacts().find((contact) => contact.contactId === contactId)?.links ?? [];

describe("Linking with LINK_BY=worker", () => {
  const faults: { name: string; health: ServiceHealth; reason: string }[] = [
    { name: "Amazon denies the link (403)", health: "denies", reason: "status-403" },
    { name: "Amazon throttles the link (429)", health: "throttles", reason: "status-429" },
    { name: "Amazon links, and its answer is lost", health: "late", reason: "TimeoutError" },
  ];
  it.each(faults)("$name", async ({ health, reason }) => {
    const { past, chat } = await haveTwoChats();
    const log = watchLogs(playground.worker);
    playground.connect.actionHealth.set(LINK, health);
    await expectPage(playground.worker, playground.site);
    expect(await (await chat.report()).json()).toMatchObject({ status: "recorded", link: "waiting" });
    await log.expectLine({ event: "connect.unanswered", action: LINK, reason });
    playground.connect.actionHealth.clear();
    await playground.moveClock(LONG_PAUSE_MS);
    expect(await (await chat.report()).json()).toMatchObject({ link: "linked" });
    expect(linksOf(chat.contactId)).toMatchObject([{ source: past.contactId, outcome: "linked" }]);
  });

  it("Amazon refuses the link for now", async () => {
    const { past, chat } = await haveTwoChats();
    const log = watchLogs(playground.worker);
    playground.connect.agent.spoil();
    expect(await (await chat.report()).json()).toMatchObject({ link: "waiting" });
    await log.expectLine({ event: "link.waits", reason: "refused" });
    await playground.moveClock(10_000);
    expect(await (await chat.report()).json()).toMatchObject({ link: "linked" });
    expect(linksOf(chat.contactId).at(-1)).toMatchObject({ source: past.contactId, outcome: "linked" });
  });

  it("No link comes about while the chat lasts", async () => {
    const { chat } = await haveTwoChats();
    playground.connect.actionHealth.set(LINK, "fails");
    await chat.report();
    playground.connect.actionHealth.clear();
    const log = watchLogs(playground.worker);
    await chat.report("ended");
    await log.expectLine({ event: "chat.linked", outcome: "not-linked", reason: "chat-over" });
    expect(linksOf(chat.contactId)).toEqual([]);
  });
});
