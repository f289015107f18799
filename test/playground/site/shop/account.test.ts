import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkToken } from "../../connect/signing/token.ts";
import { type RunningSite, startSite } from "../site.ts";

const widgetId = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const securityKey = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=";
const now = 1_700_000_000;

let site: RunningSite;

beforeAll(async () => {
  site = await startSite({ port: 0, chat: { widgetId, securityKey, now: () => now } });
});
afterAll(() => site.close());

const get = (path: string, cookie = "") => fetch(site.origin + path, { redirect: "manual", headers: { cookie } });

async function signIn(customer: string): Promise<string> {
  const body = new URLSearchParams({ customer });
  const response = await fetch(`${site.origin}/account/sign-in`, { method: "POST", redirect: "manual", body });
  expect(response.status).toBe(303);
  return response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

async function customerOf(cookie: string): Promise<string | null> {
  const { token } = await (await get("/account/chat-token", cookie)).json();
  const check = checkToken(token, { widgetId, securityKeys: [securityKey], now });
  expect(check).toMatchObject({ accepted: true });
  return check.accepted ? check.claims.customerId : null;
}

describe("the shop's accounts", () => {
  it("greet whoever is signed in, and nobody else", async () => {
    const ada = await signIn("ada");
    expect(await (await get("/account", ada)).text()).toContain("Hello, Ada");
    expect(await (await get("/account")).text()).toContain("You are not signed in");
    expect(await (await get("/account", "shop_session=ada")).text()).toContain("You are not signed in");
  });

  it("issue widget tokens that Connect accepts, with the customer's id in them", async () => {
    const [ada, ben] = [await customerOf(await signIn("ada")), await customerOf(await signIn("ben"))];
    expect(ada).toBe("customer-0001");
    expect(ben).toBe("customer-0002");
  });

  it("name no customer where nobody is signed in", async () => {
    expect(await customerOf("")).toBeNull();
    expect(await customerOf(await signIn("mallory"))).toBeNull();
  });

  it("are left by signing out: the cookie goes, and a copy of it is worth nothing", async () => {
    const ada = await signIn("ada");
    const response = await get("/account/sign-out", ada);
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/account");
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^shop_session=;.*Max-Age=0/)]);
    expect(await customerOf(ada)).toBeNull();
  });

  it("keep tokens out of caches", async () => {
    expect((await get("/account/chat-token")).headers.get("cache-control")).toBe("no-store");
  });

  it("issue no tokens for a shop without a chat", async () => {
    const plain = await startSite({ port: 0 });
    expect((await fetch(`${plain.origin}/account/chat-token`)).status).toBe(404);
    await plain.close();
  });
});
