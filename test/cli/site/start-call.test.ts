import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { type StartChatContactCommandInput } from "@aws-sdk/client-connect";
import { describe, expect, it } from "vitest";
import { callStart } from "../../../src/cli/site/start-call.ts";
import { parseSnippet } from "../../../src/core/widget/snippet.ts";
import { closeServer, listen } from "../../playground/listen.ts";
import { settings, widgetId } from "../../worker/settings.ts";

/** Amazon's names, by its own model. */
type StartBody = Pick<
  StartChatContactCommandInput,
  "ParticipantDetails" | "Attributes" | "SupportedMessagingContentTypes"
>;

describe("callStart()", () => {
  it("sends the whole call of the widget: Amazon answers 400 to a call that is badly formed", async () => {
    const seen: { path?: string; headers?: object; body?: StartBody } = {};
    const amazon = createServer(async (request, response) => {
      const body: StartBody = JSON.parse(await text(request));
      Object.assign(seen, { path: `${request.method} ${request.url}`, headers: request.headers, body });
      response.writeHead(401).end();
    });
    const scriptUrl = `http://127.0.0.1:${await listen(amazon)}/connectwidget/static/client.js`;
    const snippet = { ...parseSnippet(settings.WIDGET_SNIPPET), scriptUrl };
    const asked = { origin: "https://www.example.com", displayName: "Rehearsal" };
    expect(await callStart(snippet, asked)).toEqual({ status: 401, chat: null });
    await closeServer(amazon);
    expect(seen).toEqual({
      path: `POST /connectwidget/api/${widgetId}/start`,
      headers: expect.objectContaining({
        origin: "https://www.example.com",
        "content-type": "application/json",
        "x-amz-snippet-id": snippet.snippetId,
      }),
      body: {
        ParticipantDetails: { DisplayName: "Rehearsal" },
        Attributes: {},
        SupportedMessagingContentTypes: ["text/plain"],
      } satisfies StartBody,
    });
    expect(seen.headers).not.toHaveProperty("x-amz-security-token");
  });
});
