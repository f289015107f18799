import { describe, expect, it } from "vitest";
import { parseSnippet } from "../../src/core/widget/snippet.ts";
import { securityKey, snippet, widgetId } from "../worker/settings.ts";
import { readOwnWidget, toLocalSnippet } from "./own-widget.ts";

const kept = { WIDGET_SNIPPET: snippet, WIDGET_SECURITY_KEY: securityKey };

describe("readOwnWidget()", () => {
  it("takes the widget that setup kept", () => {
    expect(readOwnWidget(kept)).toMatchObject({ snippet: { widgetId }, securityKey });
  });

  it("does without the key that only Cloudflare has", () => {
    expect(readOwnWidget({ WIDGET_SNIPPET: snippet })).toMatchObject({ securityKey: null });
  });

  it.each([
    ["has an authenticate", snippet.replace("</script>", "amazon_connect('authenticate', f);</script>")],
    ["the address in it", snippet.replace("https://example", "https://' + 'example")],
    ["half a script element", snippet.replace("</script>", "")],
  ])("says why it cannot be shown: %s", (reason, text) => {
    expect(readOwnWidget({ ...kept, WIDGET_SNIPPET: text })).toContain(reason);
  });

  it.each([[{}], [{ WIDGET_SNIPPET: "page" }]])("finds none in %j", (values) => {
    expect(readOwnWidget(values)).toBeNull();
  });
});

describe("toLocalSnippet()", () => {
  it("changes the client's address alone", () => {
    const own = parseSnippet(snippet);
    const clientUrl = "http://localhost:8789/connectwidget/static/amazon-connect-chat-interface-client.js";
    const local = toLocalSnippet(own, snippet.replaceAll(own.scriptUrl, clientUrl));
    expect(local).toBe(own.script.replace(own.scriptUrl, clientUrl));
    expect(parseSnippet(local)).toMatchObject({ widgetId, scriptUrl: clientUrl });
  });
});
