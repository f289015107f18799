import { type IncomingMessage, type ServerResponse } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { type Route, send } from "../route.ts";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<title>Encoded</title>
</head>
<body>
${"<p>The same page in several encodings: käse, 茶, naïve.</p>\n".repeat(50)}</body>
</html>
`;

const ENCODED: Record<string, Buffer> = {
  gzip: gzipSync(PAGE),
  br: brotliCompressSync(PAGE),
  deflate: deflateSync(PAGE),
  zstd: zstdCompressSync(PAGE),
  "gzip, br": brotliCompressSync(gzipSync(PAGE)),
};

const TEXT = "<!doctype html>\n<html>\n<head><title>caf\u00e9</title></head>\n<body><p>caf\u00e9</p></body>\n</html>\n";

const CHARSETS: readonly (readonly [name: string, type: string, body: Buffer, about: string])[] = [
  ["utf-8", "text/html; charset=UTF-8", Buffer.from(TEXT), "UTF-8"],
  ["windows-1252", "text/html; charset=windows-1252", Buffer.from(TEXT, "latin1"), "Windows-1252"],
  ["none", "text/html", Buffer.from(TEXT, "latin1"), "no charset named, bytes that are not UTF-8"],
  [
    "shift-jis",
    'text/html; charset="Shift_JIS"',
    // The character for tea: two bytes that are not UTF-8.
    Buffer.from(TEXT.replaceAll("caf\u00e9", "\u0092\u0083"), "latin1"),
    "Shift_JIS",
  ],
  ["utf-16", "text/html; charset=utf-16le", Buffer.from(`\ufeff${TEXT}`, "utf16le"), "UTF-16, labelled"],
  ["utf-16-unlabelled", "text/html", Buffer.from(`\ufeff${TEXT}`, "utf16le"), "UTF-16, known by its byte order mark"],
  ["unknown", "text/html; charset=klingon", Buffer.from(TEXT), "a charset that does not exist"],
];

/** Content codings and charsets. */
export const encodingRoutes: readonly Route[] = [
  ...Object.entries(ENCODED).map(([encoding, body]) => ({
    path: `/try/encoding/${encoding.replace(", ", "-")}`,
    about: `a page encoded as ${encoding}, whatever was asked for`,
    handle: (_request: IncomingMessage, response: ServerResponse) =>
      send(response, body, { "content-type": "text/html; charset=utf-8", "content-encoding": encoding }),
  })),
  {
    path: "/try/encoding/negotiated",
    about: "a page in the best encoding that was asked for: zstd, br, gzip, none",
    handle: (request, response) => {
      const accepted = request.headers["accept-encoding"] ?? "";
      const encoding = ["zstd", "br", "gzip"].find((name) => accepted.includes(name));
      send(response, (encoding && ENCODED[encoding]) || PAGE, {
        "content-type": "text/html; charset=utf-8",
        vary: "accept-encoding",
        ...(encoding && { "content-encoding": encoding }),
      });
    },
  },
  ...CHARSETS.map(([name, type, body, about]) => ({
    path: `/try/charset/${name}`,
    about,
    handle: (_request: IncomingMessage, response: ServerResponse) => send(response, body, { "content-type": type }),
  })),
];
