import { type RequestListener } from "node:http";
import { type Attack, type Target } from "../attack.ts";
import { answerPage, type AttackedPage, withPage } from "./attacked-page.ts";

/** Attacks by markup in the site's pages that makes a script of the attacker's run. */
export const markupAttacks: readonly Attack[] = [
  {
    name: "Ends our tag with its own text, where the site lets visitors choose the nonce of its policy",
    withoutGuard: { file: "src/core/page/script-tag.ts", from: "escapeAttribute(nonce)", to: "nonce" },
    attempt: (target) =>
      runsScript(target, {
        html: "<!doctype html><html><head><title>A page</title></head><body></body></html>",
        policy: `script-src 'unsafe-inline' 'nonce-"></script><script>window.stolen=1</script>'`,
      }),
  },
  {
    name: "Has our tag end an attribute that shows its text, where the site's page was safe without us",
    withoutGuard: [
      {
        file: "src/core/page/html-token.ts",
        from: `first === "'" || first === '"' ? first : "unquoted"`,
        to: '"unquoted"',
      },
      {
        file: "src/http/page/rewriter.ts",
        from: "if (output === null || decode(output) !== opening + tag) return null;",
        to: "if (output !== null) return new TextEncoder().encode(opening + tag);",
      },
    ],
    attempt: (target) =>
      runsScript(target, {
        html: `<!doctype html><html data-search="><head><script>window.stolen=1</script>"><head></head><body></body></html>`,
      }),
  },
  {
    name: "Loads an upload of its own as script, by way of the path that a policy of hashes lets us load from",
    withoutGuard: { file: "src/core/policy/patch-policies.ts", from: "`${own}widget.js`", to: "own" },
    attempt: (target) =>
      runsScript(target, {
        html: `<!doctype html><html><head></head><body><script src="/_chat/..%2fuploads/review.js"></script></body></html>`,
        policy: "script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
      }),
  },
  {
    name: "Writes a semicolon as a character reference, where a policy in the page's head shows its text",
    withoutGuard: { file: "src/http/page/rewriter.ts", from: '.replaceAll("&", "&amp;")', to: "" },
    attempt: (target) =>
      runsScript(target, {
        html: `<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="script-src 'self'; report-uri /?q=&amp;#59script-src-elem&amp;#32'unsafe-inline'"></head><body><script>window.stolen=1</script></body></html>`,
      }),
  },
];

/** Whether the attacker's script runs in the page, or one that the attacker has uploaded to the site. */
function runsScript(target: Target, attacked: AttackedPage): Promise<boolean> {
  const answer: RequestListener = (request, response) => {
    // Some web servers decode a path before they resolve its dots.
    const { pathname } = new URL(decodeURIComponent(request.url ?? ""), "http://localhost");
    if (pathname !== "/uploads/review.js") return answerPage(attacked)(request, response);
    response.writeHead(200, { "content-type": "text/javascript" }).end("window.stolen = 1");
  };
  return withPage(target, answer, async (page, origin) => {
    await page.goto(origin, { waitUntil: "domcontentloaded" });
    return page.evaluate(() => "stolen" in window);
  });
}
