import { beforeEach } from "vitest";
import { control, observe } from "../../instrumented.ts";
import { useInstrumented } from "../../use-workers.ts";
import { createVisitorClient, type VisitorClient } from "../../visitor-client.ts";
import { chat, copyOf, keyOf, offered, ownerClaims, signOwnerToken } from "../../visitor-steps.ts";

/** A Worker with CARRY_OVER, and people who chat as guests before they sign in. */
export function useSigningIn() {
  const worker = useInstrumented({ CARRY_OVER: "1" });
  let test = "";
  beforeEach(async () => {
    test = crypto.randomUUID();
    await control(worker, {});
  });

  /** A name of this test, of a contact or a customer. */
  const id = (name: string) => `${name}-${test}`;

  /** The body of a token request from a site on which this customer has signed in. */
  const as = (name: string, inSeconds = 0): { token: string } => {
    const iat = Math.floor(Date.now() / 1000) + inSeconds;
    return { token: signOwnerToken(ownerClaims({ customerId: id(name), iat, exp: iat + 300 })) };
  };

  const newBrowser = () => createVisitorClient(worker.origin);

  /** A guest's browser after a chat, a copy of it from then, and the guest's visitor key. */
  const chatAsGuest = async () => {
    const browser = newBrowser();
    await chat(browser, id("guest"));
    const before: VisitorClient = copyOf(browser);
    return { browser, before, guestKey: await keyOf(before) };
  };

  /** The visitor key of a customer. */
  const keyOfCustomer = async (name: string) => (await offered(newBrowser(), as(name)))["persistentChatVisitor"] ?? "";

  /** What KV holds under a key; empty where it holds nothing. */
  const held = async (entry: string) => (await observe(worker)).stored[entry]?.value ?? "";
  const recordOf = async (visitorKey: string) => JSON.parse((await held(`visitor:${visitorKey}`)) || "null");
  /** When a guest's chats moved, and to whom. */
  const moveOf = (guestKey: string) => held(`erased:${guestKey}`);

  return { worker, id, as, newBrowser, chatAsGuest, keyOfCustomer, held, moveOf, recordOf };
}
