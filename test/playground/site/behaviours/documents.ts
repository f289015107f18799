import { type IncomingMessage, type ServerResponse } from "node:http";
import { type Route, send } from "../route.ts";

interface Sample {
  readonly name: string;
  readonly about: string;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

const SAMPLES: readonly Sample[] = [
  {
    name: "plain",
    about: "doctype, html, head, body",
    body: '<!doctype html>\n<html lang="en">\n<head>\n<title>Plain</title>\n</head>\n<body><p>Plain.</p></body>\n</html>\n',
  },
  {
    name: "no-head",
    about: "no head element",
    body: "<!doctype html>\n<html>\n<body><p>No head.</p></body>\n</html>\n",
  },
  {
    name: "no-html",
    about: "no html, head or body element",
    body: "<!doctype html>\n<title>No html</title>\n<p>No html element.</p>\n",
  },
  { name: "text-only", about: "a doctype and text", body: "<!doctype html>\nHello.\n" },
  {
    name: "upper-case",
    about: "names in upper case, attributes with > in them",
    body: '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">\n<HTML LANG="en" DATA-RULE="a > b">\n<HEAD PROFILE=\'x>y\'>\n<TITLE>Old</TITLE>\n</HEAD>\n<BODY>Old.</BODY>\n</HTML>\n',
  },
  {
    name: "comment-first",
    about: "comments with a head in them, before the real one",
    body: "<!-- <head> -->\n<!doctype html>\n<!--[if IE]><html><head><![endif]-->\n<html>\n<head><title>Comment</title></head>\n<body>Comment.</body>\n</html>\n",
  },
  {
    name: "byte-order-mark",
    about: "a UTF-8 byte order mark first",
    body: "\ufeff<!doctype html>\n<html>\n<head><title>Mark</title></head>\n<body>Mark.</body>\n</html>\n",
  },
  {
    name: "xml-declaration",
    about: "an XML declaration before the doctype",
    body: '<?xml version="1.0" encoding="utf-8"?>\n<!doctype html>\n<html>\n<head><title>Declared</title></head>\n<body>Declared.</body>\n</html>\n',
  },
  {
    name: "template-head",
    about: "no head of its own, but one in a template and one in an image",
    body: "<!doctype html>\n<html>\n<body>\n<template><head><title>Not it</title></head></template>\n<svg><desc><head></head></desc></svg>\n</body>\n</html>\n",
  },
  {
    name: "unclosed-select",
    about: "an unclosed select before an iframe: a whole-page rewriter cuts it short",
    body: '<!doctype html>\n<html>\n<head><title>Select</title></head>\n<body><select><option>One<iframe src="about:blank"></iframe>\n<p>The end of the page.</p></body>\n</html>\n',
  },
  { name: "fragment", about: "a fragment, as htmx asks for", body: '<li class="item">One more</li>\n' },
  { name: "empty", about: "nothing, labelled as a page", body: "" },
  { name: "json", about: "JSON, labelled as a page", body: '{"html":"<html><head></head></html>"}\n' },
  {
    name: "amp",
    about: "an AMP page",
    body: "<!doctype html>\n<html ⚡>\n<head><title>AMP</title></head>\n<body>AMP.</body>\n</html>\n",
  },
  {
    name: "xhtml",
    about: "XHTML, labelled so",
    body: '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title>X</title></head><body/></html>\n',
    headers: { "content-type": "application/xhtml+xml" },
  },
  {
    name: "no-transform",
    about: "a page that nobody may change",
    body: "<!doctype html>\n<html>\n<head><title>As it is</title></head>\n<body>As it is.</body>\n</html>\n",
    headers: { "cache-control": "max-age=60, No-Transform" },
  },
  {
    name: "download",
    about: "a page to be saved as a file",
    body: "<!doctype html>\n<html>\n<head><title>Saved</title></head>\n<body>Saved.</body>\n</html>\n",
    headers: { "content-disposition": 'attachment; filename="saved.html"' },
  },
  {
    name: "framing",
    about: "a page with another page in an iframe",
    body: '<!doctype html>\n<html>\n<head><title>Framing</title></head>\n<body><iframe src="/try/document/plain" title="Plain"></iframe></body>\n</html>\n',
  },
];

/** Documents, odd documents, and bodies that only look like a document. */
export const documentRoutes: readonly Route[] = SAMPLES.map(({ name, about, body, headers }) => ({
  path: `/try/document/${name}`,
  about,
  handle: (_request: IncomingMessage, response: ServerResponse) =>
    send(response, body, { "content-type": "text/html; charset=utf-8", ...headers }),
}));
