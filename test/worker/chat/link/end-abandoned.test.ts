import { beforeEach, describe, expect, it } from "vitest";
import { securityKey, widgetId } from "../../../playground/playground.ts";
import { signToken } from "../../../playground/connect/signing/sign-token.ts";
import { claimsOf, createVisitorClient, type VisitorClient } from "../../visitor-client.ts";
import { READY_AFTER_SECONDS, useLinking } from "./linking.ts";

const { asked, begin, continued, pass, playground, start, view } = useLinking({ END_ABANDONED: "1" });
const ALONE = { alone: true };
let visitor: VisitorClient;

beforeEach(async () => {
  visitor = await begin();
});

/** A chat that hangs open, and the visitor's next chat. */
async function leaveOpen(body: object = {}) {
  const abandoned = await start(visitor, body);
  await abandoned.ask(ALONE);
  return { abandoned, chat: await start(visitor, body) };
}

describe("POST /_chat/contacts with END_ABANDONED=1", () => {
  it("ends the visitor's abandoned chat, and links the new one once the transcript is ready", async () => {
    const { abandoned, chat } = await leaveOpen();
    playground.connect.serviceCalls.length = 0;
    expect(await chat.ask(ALONE)).toEqual({
      status: "recorded",
      link: "waiting",
      askAgainSeconds: READY_AFTER_SECONDS,
    });
    expect(asked()).toEqual(["DescribeContact", "ListAssociatedContacts", "StopContact"]);
    expect(view(abandoned.contactId).endedAt).not.toBeNull();
    await pass(READY_AFTER_SECONDS + 1);
    expect(await chat.ask(ALONE)).toMatchObject({ link: "linked" });
    expect(continued(chat.contactId)).toBe(abandoned.contactId);
  });

  it("ends the contact to which the chat was transferred", async () => {
    const { abandoned, chat } = await leaveOpen();
    const segment = playground.connect.agent.transfer(abandoned.contactId);
    await chat.ask(ALONE);
    expect(view(segment).endedAt).not.toBeNull();
  });

  it.each([
    ["another tab of the browser has a live chat", { alone: false }],
    ["the browser does not say", {}],
  ])("ends nothing where %s", async (_why, report) => {
    const { abandoned, chat } = await leaveOpen();
    expect(await chat.ask(report)).toMatchObject({ link: "waiting", askAgainSeconds: 10 });
    expect(view(abandoned.contactId).endedAt).toBeNull();
  });

  it("ends no chat of a customer, whose other device may be in it", async () => {
    // The Worker's clock.
    const { iat } = claimsOf((await visitor.token()).token);
    const token = signToken({ claims: { sub: widgetId, exp: iat + 500, customerId: "ada" }, securityKey });
    const { abandoned, chat } = await leaveOpen({ token });
    await chat.ask(ALONE);
    expect(asked()).not.toContain("StopContact");
    expect(view(abandoned.contactId).endedAt).toBeNull();
  });

  it("ends nobody else's chat, though its id was reported", async () => {
    const owner = createVisitorClient(playground.worker.origin);
    const victim = await start(owner);
    playground.connect.service = "down";
    const { ticket } = await visitor.token({ fresh: true });
    // Amazon gives no answer, so that the claim is recorded.
    await visitor.report({ ticket, contactId: victim.contactId });
    playground.connect.service = "works";
    await pass(200);
    await (await start(visitor)).ask(ALONE);
    expect(asked()).not.toContain("StopContact");
    expect(view(victim.contactId).endedAt).toBeNull();
  });

  it("goes on as without it where the key may not end contacts", async () => {
    const past = await start(visitor);
    await past.ask();
    await past.end();
    await pass(READY_AFTER_SECONDS + 1);
    const { chat } = await leaveOpen();
    playground.connect.actionHealth.set("StopContact", "denies");
    expect(await chat.ask(ALONE)).toMatchObject({ link: "waiting", askAgainSeconds: 10 });
    await pass(180);
    await chat.ask(ALONE);
    expect(await chat.ask(ALONE)).toMatchObject({ link: "linked" });
    expect(continued(chat.contactId)).toBe(past.contactId);
  });
});
