interface OwnPage {
  readonly title: string;
  /** HTML below the title. */
  readonly content: string;
}

/** HTML of a page of our own, where the site has none. */
export function renderOwnPage({ title, content }: OwnPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
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
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
}
