const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>This site cannot be reached right now</title>
<style>
:root { color-scheme: light dark; }
body { margin: 0; font: 1.0625rem/1.6 system-ui, sans-serif; color: #1f2933; background: #f7f8fa; }
main { max-width: 34rem; margin: 18vh auto 0; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
a { color: #0b5cad; }
small { color: #52606d; }
@media (prefers-color-scheme: dark) {
  body { color: #e4e7eb; background: #16191d; }
  a { color: #7cc0ff; }
  small { color: #9aa5b1; }
}
</style>
</head>
<body>
<main>
<h1>This site cannot be reached right now</h1>
<p>The server behind this address did not answer. It is not your connection, and nothing you entered has been kept here.</p>
<p>Please <a href="">try again</a> in a minute.</p>
<p><small>Error 502. If this is your site: the Worker’s log names the reason.</small></p>
</main>
</body>
</html>
`;

/**
 * The answer when there is no page to pass on: the origin is out of reach, or its address is not one.
 *
 * It says nothing about the origin: its name may be a secret.
 */
export function renderBadGateway(): Response {
  return new Response(PAGE, {
    status: 502,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}
