import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { listen } from "../listen.ts";
import {
  widgetId,
  snippetId,
  connectWith,
  closeConnect,
  start,
  startLinked,
  view,
  texts,
  resume,
  pastChat,
} from "./testing/with-connect.ts";

describe("startConnect()", () => {
  it("offers the snippet with its own client script, which carries the switches of the moment", async () => {
    const connect = await connectWith();
    const url = `${connect.origin}/connectwidget/static/amazon-connect-chat-interface-client.js`;
    expect(connect.snippet).toContain(`s.src='${url}'`);
    expect(connect.snippet).toContain(`'amazon_connect', '${widgetId}'`);
    expect(connect.snippet).toContain(`amazon_connect('snippetId', '${snippetId}')`);
    connect.switches.repeatedField = "last";
    expect(await (await fetch(url)).text()).toContain('"repeatedField":"last"');
  });

  it("rejects with EADDRINUSE when the port is taken", async () => {
    const other = createServer();
    const port = await listen(other);
    await expect(connectWith({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    other.close();
  });

  it("frees its port on close, also under an open feed", async () => {
    const connect = await connectWith();
    const { participantToken } = await start(connect);
    await fetch(`${connect.origin}/participant/feed`, { headers: { "x-amz-bearer": participantToken } });
    await fetch(`${connect.origin}/agent/api/changes`);
    await closeConnect(connect);
    const port = Number(new URL(connect.origin).port);
    expect((await connectWith({ port })).origin).toBe(connect.origin);
  });

  it("knows its contacts again after a restart on the same state file", async () => {
    const stateFile = join(mkdtempSync(join(tmpdir(), "connect-")), "not/there/yet/contacts.json");
    const before = await connectWith({ stateFile });
    const first = await pastChat(before, "one");
    const { contactId, persistedChatSession } = await start(before, {
      attributes: { chatContinue: "wait", chatWaitSeconds: "60" },
    });
    await vi.waitFor(() => expect(view(before, contactId).flowLog).toHaveLength(2));
    const known = before.contacts();
    await closeConnect(before);
    const after = await connectWith({ stateFile });
    expect(after.contacts()).toEqual(known);
    expect(texts(await startLinked(after, first))).toEqual(["one?", "one!"]);
    expect((await resume(after, persistedChatSession)).status).toBe(200);
  });

  it("takes up a flow that a restart cut off while it waited", async () => {
    const stateFile = join(mkdtempSync(join(tmpdir(), "connect-")), "contacts.json");
    const before = await connectWith({ stateFile });
    const first = await pastChat(before, "one");
    const { contactId } = await start(before, {
      attributes: { chatContinue: "wait", chatWaitSeconds: "1", contactId: first },
    });
    await vi.waitFor(() => expect(view(before, contactId).flowLog).toHaveLength(2));
    await closeConnect(before);
    const after = await connectWith({ stateFile });
    await vi.waitFor(() => expect(view(after, contactId).relatedContactId).toBe(first), 3_000);
  });

  it("refuses a state file that is not its own, and leaves it alone", async () => {
    const stateFile = join(mkdtempSync(join(tmpdir(), "connect-")), "contacts.json");
    writeFileSync(stateFile, "{");
    await expect(connectWith({ stateFile })).rejects.toThrow(/Cannot read state file/);
    expect(readFileSync(stateFile, "utf8")).toBe("{");
  });
});
