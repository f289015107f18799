import { describe, expect, it } from "vitest";
import { type ConnectAction } from "../../../src/adapters/connect-api.ts";
import { askAmazon } from "../../../src/cli/shared/try-actions.ts";
import { listNeededActions } from "../../../src/cli/shared/needed-actions.ts";

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const access = {
  accessKeyId: "AKIAEXAMPLEEXAMPLE00",
  secretAccessKey: "secret",
  region: "eu-central-1",
  instanceId: "11111111-2222-4333-8444-555555555555",
};
const all = listNeededActions({ linkBy: "worker", endAbandoned: true });

/** The address of each action. Source: Amazon Connect API Reference. */
const PATHS: Readonly<Record<ConnectAction, RegExp>> = {
  DescribeContact: new RegExp(`^GET /contacts/${access.instanceId}/${UUID}$`),
  GetContactAttributes: new RegExp(`^GET /contact/attributes/${access.instanceId}/${UUID}$`),
  ListAssociatedContacts: new RegExp(
    `^GET /contact/associated/${access.instanceId}\\?contactId=${UUID}&maxResults=100$`,
  ),
  CreatePersistentContactAssociation: new RegExp(
    `^POST /contact/persistent-contact-association/${access.instanceId}/${UUID}$`,
  ),
  StopContact: /^POST \/contact\/stop$/,
};

function readAction({ method, url }: Request): ConnectAction {
  const { pathname, search } = new URL(url);
  const action = all.find((name) => PATHS[name].test(`${method} ${pathname}${search}`));
  if (action === undefined) throw new Error(`No action has the address ${method} ${pathname}${search}`);
  return action;
}

/** Amazon's answers by action: a status, or no answer. Without one here, the action is allowed, and the contact unknown. */
async function ask(answers: Partial<Record<ConnectAction, number | "none">> = {}) {
  const bodies: string[] = [];
  const tried = await askAmazon(access, all, async (request) => {
    bodies.push(await request.clone().text());
    const answer = answers[readAction(request)] ?? 404;
    if (answer === "none") throw new TypeError("fetch failed");
    return Response.json({ Message: "refused" }, { status: answer });
  });
  return { bodies, reasons: Object.fromEntries(tried.map(({ action, reason }) => [action, reason])) };
}

const ALLOWED = Object.fromEntries(all.map((action) => [action, null]));

describe("askAmazon()", () => {
  it("takes each action once, and takes an unknown contact for a permission", async () => {
    expect(await ask()).toMatchObject({ reasons: ALLOWED, bodies: { length: all.length } });
    expect((await ask({ StopContact: 410, CreatePersistentContactAssociation: 400 })).reasons).toEqual(ALLOWED);
  });

  it("names every action that is denied", async () => {
    const denied = { GetContactAttributes: 403, CreatePersistentContactAssociation: 403, StopContact: 403 };
    expect((await ask(denied)).reasons).toEqual({
      ...ALLOWED,
      GetContactAttributes: "status-403",
      CreatePersistentContactAssociation: "status-403",
      StopContact: "status-403",
    });
  });

  it("tells silence from denial, and asks on after one that is throttled", async () => {
    const silent = { DescribeContact: 429, ListAssociatedContacts: "none", StopContact: 403 } as const;
    expect((await ask(silent)).reasons).toEqual({
      ...ALLOWED,
      DescribeContact: "status-429",
      ListAssociatedContacts: "TypeError",
      StopContact: "status-403",
    });
  });

  it("names only contacts that it has made up for this call", async () => {
    const [one, two] = [await ask(), await ask()];
    const readIds = ({ bodies }: typeof one) => bodies.join().match(new RegExp(UUID, "g")) ?? [];
    // The source of the link, its token, and the contact to be ended; the instance is always the same.
    const made = (run: typeof one) => readIds(run).filter((id) => id !== access.instanceId);
    expect(made(one)).toHaveLength(3);
    expect(new Set([...made(one), ...made(two)]).size).toBe(6);
  });
});
