import { describe, expect, it } from "vitest";
import { parseSnippet, SnippetError, type SnippetReason } from "../../../src/core/widget/snippet.ts";
import { CODE, CONSOLE_SNIPPET, OTHER_WIDGET_ID, SNIPPET_ID, WIDGET_ID } from "./console-snippet.ts";

describe("parseSnippet(), refusals", () => {
  it.each<[string, SnippetReason, string]>([
    ["nothing", "empty", " \n"],
    ["an HTML page", "html-page", `<!doctype html>${CONSOLE_SNIPPET}`],
    ["an HTML page after a comment", "html-page", `<!-- a --><html lang="en">${CONSOLE_SNIPPET}</html>`],
    ["another vendor's loader", "other-vendor", '<script src="https://chat.example/widget.js"></script>'],
    ["another vendor's code", "other-vendor", "window.intercomSettings = { app_id: 'x' };"],
    ["prose", "other-vendor", "it's in the console"],
    ["a loader from elsewhere", "external-script", `<script src="/a.js"></script>${CONSOLE_SNIPPET}`],
    ["an opening tag alone", "half-element", `<script>${CODE}`],
    ["a closing tag alone", "half-element", `${CODE}</script>`],
    ["a closing tag among elements", "half-element", `<b></b></script>${CONSOLE_SNIPPET}`],
    ["a script element that is a comment", "no-loader", `<!-- ${CONSOLE_SNIPPET} -->`],
    ["a data block", "no-loader", `<script type="text/plain">${CODE}</script>`],
    ["code that is a comment", "no-loader", `/*${CODE}*/`],
    ["a loader that is not called", "no-loader", CODE.replace(/\(window.*\n/, ";\n")],
    ["an empty widget id", "no-loader", CODE.replace(WIDGET_ID, "")],
    ["no snippetId call", "no-snippet-id", CODE.replace("amazon_connect('snippetId'", "amazon_connect('snippet'")],
    ["an empty snippet id", "no-snippet-id", CODE.replace(SNIPPET_ID, "")],
    ["a snippet id known at run time only", "no-snippet-id", CODE.replace(`'${SNIPPET_ID}'`, "'a' + b")],
    ["a seed's placeholder", "placeholder", CODE.replace("d1x2y3", "<REPLACE_ME>")],
    ["half a seed's placeholder", "placeholder", CODE.replace(SNIPPET_ID, "<REPLACE_ME")],
    ["a placeholder elsewhere", "placeholder", `${CODE}; var name = '<REPLACE_ME>';`],
    ["a documentation's placeholder", "placeholder", CODE.replace("d1x2y3", "*")],
    ["a placeholder of another kind", "placeholder", CODE.replace(WIDGET_ID, "{{widgetId}}")],
    ["a widget id that is no UUID", "widget-id", CODE.replace(WIDGET_ID, `${WIDGET_ID}0`)],
    ["no script URL", "script-url", CODE.replace(/s\.src=.*\n/, "")],
    ["another script", "script-url", CODE.replace("-client.js", "-client.mjs")],
    ["a script beside ours", "script-url", CODE.replace("client.js", "client.js/evil.js")],
    ["a script without https", "script-url", CODE.replace("https:", "http:")],
    [
      "a script that looks local",
      "script-url",
      CODE.replace("https://d1x2y3.cloudfront.net", "http://localhost.example"),
    ],
    ["a script URL without protocol", "script-url", CODE.replace("https:", "")],
    ["two widget ids", "two-widgets", CODE + CODE.replace(WIDGET_ID, OTHER_WIDGET_ID)],
    ["two snippet ids", "two-widgets", CODE + CODE.replace(SNIPPET_ID, "QVFJRA==")],
    ["two script URLs", "two-widgets", CODE + CODE.replace("d1x2y3", "d4")],
    ["an open string", "unreadable", CODE.replace(`${SNIPPET_ID}'`, SNIPPET_ID)],
    ["an open comment", "unreadable", `${CODE}/* end`],
    ["an open template", "unreadable", `${CODE}\`\${a}`],
    ["an open bracket", "unreadable", CODE.slice(0, CODE.lastIndexOf("]"))],
    ["a bracket too many", "unreadable", `${CODE})`],
    ["curly quotes", "unreadable", CODE.replaceAll("'", "’")],
    ["two halves in two elements", "unreadable", CONSOLE_SNIPPET.replace("s.async", "</script><script>s.async")],
  ])("refuses %s: %s", (_case, reason, text) => {
    expect(() => parseSnippet(text)).toThrow(new SnippetError(reason));
  });

  it.each([CODE, CONSOLE_SNIPPET])("refuses a text that is cut off before its snippet id is complete: %#", (text) => {
    const end = text.indexOf(SNIPPET_ID) + SNIPPET_ID.length;
    for (let length = 0; length <= end; length += 1) {
      expect(() => parseSnippet(text.slice(0, length))).toThrow(SnippetError);
    }
  });

  it("says what was expected and found, without quoting the text", () => {
    expect(() => parseSnippet(CODE.replace("snippetId", "SnippetId"))).toThrow(
      'expected the snippet as copied from the Amazon Connect console, found no live call amazon_connect("snippetId", "…")',
    );
  });
});
