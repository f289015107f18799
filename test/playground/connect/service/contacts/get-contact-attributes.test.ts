import { describe, expect, it } from "vitest";
import { access, getContactAttributes, outcome, unknownId } from "../../testing/call-service.ts";
import { connectWith, start } from "../../testing/with-connect.ts";

describe("GetContactAttributes", () => {
  it("tells the attributes of a live chat, wherever DescribeContact does not", async () => {
    const connect = await connectWith({ access });
    connect.switches.attributesWhileLive = "no";
    const { contactId } = await start(connect, { attributes: { a: "b" } });
    expect(await (await getContactAttributes(connect, contactId)).json()).toEqual({ Attributes: { a: "b" } });
  });

  it("tells an empty map where there are none", async () => {
    const connect = await connectWith({ access });
    const { contactId } = await start(connect);
    expect(await (await getContactAttributes(connect, contactId)).json()).toEqual({ Attributes: {} });
  });

  it("refuses an unknown contact, and a text that is no id", async () => {
    const connect = await connectWith({ access });
    expect(await outcome(getContactAttributes(connect, unknownId))).toBe("404 ResourceNotFoundException");
    expect(await outcome(getContactAttributes(connect, "none"))).toBe("400 InvalidRequestException");
  });
});
