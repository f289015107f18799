import { describe, expect, it } from "vitest";
import { callsField, parseSnippet } from "../../../src/core/widget/snippet.ts";
import { CODE, CONSOLE_SNIPPET, OTHER_WIDGET_ID, SCRIPT_URL, SNIPPET_ID, WIDGET_ID } from "./console-snippet.ts";

const READ = {
  widgetId: WIDGET_ID,
  scriptUrl: SCRIPT_URL,
  snippetId: SNIPPET_ID,
  script: CODE,
  hasClientMetrics: true,
  namedOrigins: ["https://d1x2y3.cloudfront.net"],
};

const PRETTIER = `(function (w, d, x, id) {
  s = d.createElement("script");
  s.src = "${SCRIPT_URL}";
  s.async = 1;
  s.id = id;
  d.getElementsByTagName("head")[0].appendChild(s);
  w[x] =
    w[x] ||
    function () {
      (w[x].ac = w[x].ac || []).push(arguments);
    };
})(window, document, "amazon_connect", "${WIDGET_ID}");
amazon_connect(
  "snippetId",
  "${SNIPPET_ID}",
);
`;
const ESBUILD = `(function(n,t,c,e){s=t.createElement("script"),s.src="${SCRIPT_URL}",s.async=1,s.id=e,t.getElementsByTagName("head")[0].appendChild(s),n[c]=n[c]||function(){(n[c].ac=n[c].ac||[]).push(arguments)}})(window,document,"amazon_connect","${WIDGET_ID}"),amazon_connect("snippetId","${SNIPPET_ID}");`;
const TERSER = `!function(n,t,c){s=t.createElement("script"),s.src="${SCRIPT_URL}",s.async=1,s.id="${WIDGET_ID}",t.getElementsByTagName("head")[0].appendChild(s),n[c]=n[c]||function(){(n[c].ac=n[c].ac||[]).push(arguments)}}(window,document,"amazon_connect"),amazon_connect("snippetId","${SNIPPET_ID}");`;

/** The seed's sample: a button, whose click handler holds the snippet. */
const SEED = `<button id="launch-widget-btn">Launch a Chat, it's free</button>
<script>
  var buttonElem = document.getElementById("launch-widget-btn");

  buttonElem.addEventListener("click", function () {${CODE}
    amazon_connect('contactMetadataHandler', (metadata) => {
       // access contactId from metadata e.g. metadata.chatContactId
       // To experinece chat persistence store the contact ID and don't <script> it
    });
  });
</script>`;

describe("parseSnippet()", () => {
  it("reads the console's snippet and keeps its script byte for byte", () => {
    expect(parseSnippet(CONSOLE_SNIPPET)).toEqual(READ);
  });

  it("reads the newer script URL", () => {
    const scriptUrl = "https://shop.my.connect.aws/connectwidget/static/amazon-connect-chat-interface-client.js";
    expect(parseSnippet(CONSOLE_SNIPPET.replace(SCRIPT_URL, scriptUrl)).scriptUrl).toBe(scriptUrl);
  });

  it.each([
    ["without script tags", CODE],
    ["with a bare script tag", `<script>${CODE}</script>`],
    ["with an upper-case, spaced script tag", `\n<SCRIPT\n  type='text/javascript' >${CODE}</SCRIPT >\n`],
    ["with further attributes", `<script nonce="a>b" defer type=text/javascript>${CODE}</script>`],
    ["between HTML comments", `<!-- Connect, don't touch -->\n${CONSOLE_SNIPPET}\n<!-- end -->`],
    ["without tags between HTML comments", `<!-- Connect -->${CODE}<!-- the\nend -->`],
    [
      "after a commented-out script element",
      `<!-- <script>${CODE.replaceAll(WIDGET_ID, "old")}</script> -->${CONSOLE_SNIPPET}`,
    ],
    ["after a commented-out loader", `<!-- <script src="/old.js"></script> -->${CONSOLE_SNIPPET}`],
    ["beside a data block", `<script type="application/ld+json">{"@type":"Shop"}</script>${CONSOLE_SNIPPET}`],
    ["beside a button", `<button title='a > b'>It's us</button>${CONSOLE_SNIPPET}`],
  ])("takes the script alone out of a snippet %s", (_case, text) => {
    expect(parseSnippet(text)).toEqual(READ);
  });

  it.each([
    ["with CRLF line ends", CODE.replaceAll("\n", "\r\n")],
    ["on one line", CODE.replaceAll("\n", " ")],
    ["without semicolons", CODE.replaceAll(";\n", "\n")],
    ["formatted by prettier", PRETTIER],
    ["minified by esbuild", ESBUILD],
    ["minified by terser", TERSER],
    ["as arrow function", CODE.replace("function(w, d, x, id)", "(w, d, x, id) =>")],
    ["with a byte order mark", `\uFEFF${CODE}`],
    ["with the snippet id in pieces", CODE.replace(SNIPPET_ID, "QVFJREFIZ2l0K1B4'\n + '/NmF3dGVzdA==")],
    ["with the snippet id on continued lines", CODE.replace(SNIPPET_ID, "QVFJREFIZ2l0K1B4\\\n/NmF3dGVzdA==")],
    ["with the snippet id in a template", CODE.replace(`'${SNIPPET_ID}'`, `\`${SNIPPET_ID}\``)],
    ["with escaped slashes", CODE.replace(SCRIPT_URL, SCRIPT_URL.replaceAll("/", "\\/").replace("h", "\\x68"))],
    ["with window. before the calls", CODE.replaceAll("amazon_connect(", "window.amazon_connect(")],
    ["with window[…] before the calls", CODE.replaceAll("amazon_connect(", "window['amazon_connect'](")],
    ["with optional calls", CODE.replaceAll("amazon_connect(", "window.amazon_connect?.(")],
    [
      "with regular expressions beside",
      `${CODE}; if (a) /['"(]/.test(b); var c = d++ / 2, e = (f) / /[/"]/.exec(g)[0];`,
    ],
    ["with templates beside", `${CODE}; var a = \`it's \${ { b: \`}\${c}"\` }.b } (\`;`],
    ["with another script's source beside", `${CODE}; var pixel = new Image(); pixel.src = "https://a.example/p.gif";`],
    ["with another element's id beside", `${CODE}; button.id = "${OTHER_WIDGET_ID}";`],
  ])("reads a script %s", (_case, script) => {
    expect(parseSnippet(script)).toEqual({ ...READ, script, namedOrigins: expect.arrayContaining(READ.namedOrigins) });
  });

  it("reads a script that hides from the oldest browsers", () => {
    const script = `<!--\n${CODE}\n//-->`;
    expect(parseSnippet(`<script>${script}</script>`)).toEqual({ ...READ, script });
  });

  it("reads the seed's sample in a click handler", () => {
    const script = SEED.slice(SEED.indexOf("<script>") + "<script>".length, SEED.lastIndexOf("</script>"));
    expect(parseSnippet(SEED)).toEqual({ ...READ, script });
  });

  it("joins several script elements in order, so that none runs into the next", () => {
    const [loader = "", calls = ""] = CODE.split(/(?<=5'\));\n/);
    const { script, ...read } = parseSnippet(`<script>${loader} // a</script>\n<script>(0);${calls}</script>`);
    expect({ ...read, script: CODE }).toEqual(READ);
    expect(script).toBe(`${loader} // a\n;\n(0);${calls}`);
  });

  const decoy = (widgetId: string) =>
    `s.src="${SCRIPT_URL.replace("d1", "d2")}"; (window, document, "amazon_connect", "${widgetId}"); amazon_connect("snippetId", "old"); amazon_connect("authenticate", a);`;

  it.each([
    ["a line comment", `// ${decoy(OTHER_WIDGET_ID)}\n`],
    ["a block comment", `/* it's\n ${decoy(OTHER_WIDGET_ID)} */`],
    ["an HTML-like comment", `<!-- ${decoy(OTHER_WIDGET_ID)}\n--> ${decoy(OTHER_WIDGET_ID)}\n`],
    ["a string", `var old = '${decoy(OTHER_WIDGET_ID)}';`],
    ["a template", `var old = \`\${a}${decoy(OTHER_WIDGET_ID)}\`;`],
    ["a regular expression", "var old = /amazon_connect('snippetId','old')/;"],
    ["a comment that ends in a comment's beginning", `// /*\n/* // */\n`],
  ])("is not misled by an old snippet in %s", (_case, old) => {
    expect(parseSnippet(`;${old}${CODE}${old}`)).toEqual({ ...READ, script: `;${old}${CODE}${old}` });
  });

  it.each([
    ["", true],
    ["amazon_connect('disableCSM', true);", false],
    ["window['amazon_connect'](`disableCSM`, /* none */ !0)", false],
    ["amazon_connect('disableCSM', true,)", false],
    ["amazon_connect('disableCSM', false);", true],
    ["amazon_connect('disableCSM', !1);", true],
    ["amazon_connect('disableCSM', 'true');", true],
    ["amazon_connect('disableCSM', isQuiet);", true],
    ["amazon_connect('disableCSM', true && isQuiet);", true],
    ["amazon_connect('disableCSM', !0 === isQuiet);", true],
    ["amazon_connect('disableCSM', true); amazon_connect('disableCSM', false);", true],
    ["// amazon_connect('disableCSM', true);", true],
  ])("with %j, sees whether the widget may measure itself: %s", (code, hasClientMetrics) => {
    expect(parseSnippet(CODE + code)).toMatchObject({ hasClientMetrics });
  });

  it.each(["http://localhost:8788", "http://shop.localhost", "http://127.0.0.1:1", "http://[::1]:1"])(
    "accepts a script from %s",
    (origin) => {
      const scriptUrl = `${origin}/amazon-connect-chat-interface-client.js`;
      expect(parseSnippet(CODE.replace(SCRIPT_URL, scriptUrl))).toMatchObject({ scriptUrl });
    },
  );

  it.each([
    ["'https://cdn.example.com/logo.png'", ["https://cdn.example.com"]],
    [
      "{ header: { imgSrc: `https://Logo.example:8443` }, again: 'https://logo.example:8443/a' }",
      ["https://logo.example:8443"],
    ],
    ["'https://cdn.exam' + 'ple.com/logo.png'", ["https://cdn.example.com"]],
    ["'https://cdn.exam' + name", []],
    ["'x' + 'https://cdn.example.com'", []],
    ["`https://${name}`", []],
    ["'http://cdn.example.com/'", []],
    ["'see https://cdn.example.com'", []],
    ["'https://'", []],
    ["'https://a;script-src/'", []],
    ["'https://a,b/'", []],
    ["/* 'https://cdn.example.com' */ 1", []],
  ])("names the origins of https addresses among its texts: %s", (value, origins) => {
    const { namedOrigins } = parseSnippet(`${CODE}amazon_connect('customizationObject', ${value});`);
    expect(namedOrigins).toEqual([...READ.namedOrigins, ...origins]);
  });
});

describe("callsField()", () => {
  it.each([
    ["amazon_connect('authenticate', function (callback) { callback(token) });", true],
    ['window["amazon_connect"]\n(`authenticate`, authenticate)', true],
    ["window.amazon_connect?.('authenticate', f)", true],
    ["a = `${amazon_connect('authenticate', b)}`", true],
    ["// amazon_connect('authenticate', f)", false],
    ["/* amazon_connect('authenticate', f) */", false],
    [`code = "amazon_connect('authenticate', f)"`, false],
    ["code = `amazon_connect('authenticate', f)`", false],
    ["code = /amazon_connect('authenticate', f)/", false],
    ["amazon_connect('authenticationParameters', {});", false],
    ["other('authenticate', f)", false],
    ["amazon_connect('authenticate', f); 'a string that is not closed", false],
  ])("sees whether the live code %s gives the field authenticate: %s", (script, isGiven) => {
    expect(callsField(script, "authenticate")).toBe(isGiven);
  });

  it("reads the script of a whole snippet", () => {
    const { script } = parseSnippet(`${CONSOLE_SNIPPET}<script>amazon_connect('customStartChat', start)</script>`);
    expect([callsField(script, "customStartChat"), callsField(CODE, "customStartChat")]).toEqual([true, false]);
  });
});
