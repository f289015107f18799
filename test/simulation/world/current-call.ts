import { AsyncLocalStorage } from "node:async_hooks";
import { type ReceivedCall } from "./messages.ts";

const storage = new AsyncLocalStorage<ReceivedCall>();

/** The call that a Worker is answering, when it asks Amazon. */
export const currentCall = {
  run: <T>(call: ReceivedCall, work: () => T): T => storage.run(call, work),
  read(): ReceivedCall {
    const call = storage.getStore();
    if (call === undefined) throw new Error("Amazon was asked outside of a call");
    return call;
  },
};
