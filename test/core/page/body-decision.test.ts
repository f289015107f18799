import { describe, expect, it } from "vitest";
import { type BodyDecision, decideByBody } from "../../../src/core/page/body-decision.ts";
import { MAX_HEAD_SEARCH_BYTES } from "../../../src/limits.ts";

const navigation = { isComplete: true, isNavigation: true };
const unknown = { isComplete: true, isNavigation: false };

/** A text's UTF-8 bytes, one character each. */
const bytes = (text: string | Buffer) => new TextDecoder("windows-1252").decode(Buffer.from(text));

/** The text before the place, or the reason why there is no place. */
function place(html: string, facts = navigation): string {
  const prefix = bytes(html);
  const decision = decideByBody(prefix, facts);
  return decision.kind === "insert" ? prefix.slice(0, decision.at) : `${decision.kind}: ${Object.values(decision)[1]}`;
}

/** A `|` marks where the tag belongs. */
const DOCUMENTS: readonly (readonly [what: string, marked: string])[] = [
  ["a head", "<!doctype html><html><head>|<title>x</title></head>"],
  [
    "a head with attributes",
    "<!doctype html>\n<html lang=en>\n<head prefix=\"og: a>b\" data-x='>' data-y=1/2>|\n<title>",
  ],
  ["a head that closes itself", "<html><head/>|<title>"],
  ["upper case", "<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'><HTML><HEAD>|<TITLE>"],
  ["no doctype", "<html><head>|"],
  ["no html", "<!doctype html><head>|<title>"],
  ["no head", "<!doctype html><html>\n|<body><p>"],
  ["no head, but a header", "<!doctype html><html>|<header><head>"],
  ["no html, head or body", "<!doctype html>\n|<title>x</title><p>"],
  ["only text", "<!doctype html>\n |Hello <head>"],
  ["text that begins with <", "<!doctype html>|< head>"],
  ["an end tag that opens the head", "<!doctype html><html>|</head><body>"],
  ["an end tag that means nothing", "<!doctype html></p></header attr='>'><html></title><head>|"],
  ["comments", "<!-- <head> --><!doctype html><!-- > --><html><!-- a --!><head>|<title>"],
  ["an empty comment of two dashes", "<!--><html><head>|<!-- x -->"],
  ["an empty comment of three dashes", "<!---><html><head>|<!-- x -->"],
  ["an empty comment", "<!----><html><head>|<!-- x -->"],
  ["a comment that does not end where it seems", "<!--!> --!x --><html><head>|"],
  [
    "conditional comments",
    "<!doctype html><!--[if IE]><html><head><![endif]--><!--[if !IE]><!--><html><!--<![endif]--><head>|",
  ],
  ["an XML declaration", '<?xml version="1.0"?><!doctype html><html><head>|'],
  ["odd declarations", "<!ELEMENT x><![CDATA[y]]></ z></><html><head>|"],
  ["a byte order mark", "\ufeff<!doctype html><html><head>|"],
  ["a head in a template", "<!doctype html><html>|<template><head></head></template>"],
  ["a head in an image", "<!doctype html>|<svg><head></head></svg>"],
  ["a head in a script", "<!doctype html>|<script>'<head>'</script><head>"],
  ["a quote in an attribute's name", '<html a"b><head>|'],
  ["an attribute that begins with =", "<html ='><head>|<title>'"],
  ["an attribute without its value", "<html lang=><head>|"],
  ["white space around an attribute's =", "<html lang\n=\t'>'><head>|"],
  ["two html tags", "<html><html lang=en><head>|"],
  ["a name that only begins with head", "<!doctype html>|<heading><head>"],
  ["characters beyond ASCII before the head", "<!-- \u8336 caf\u00e9 \u{1f375} --><html title='\u8336'><head>|"],
];

describe("decideByBody()", () => {
  it.each(DOCUMENTS)("finds the place with %s", (_what, marked) => {
    const before = marked.slice(0, marked.indexOf("|"));
    expect(place(marked.replace("|", ""))).toBe(bytes(before));
  });

  it("trusts a browser that says that it wants a document", () => {
    expect(place("<p>Hello</p>")).toBe("");
    expect(place("<head><title>")).toBe("<head>");
  });

  it.each(["<p>Hello</p>", "<head><title>", "<body>", "<!-- x --><li>", "</p>text"])(
    "takes %j for a fragment where nobody says so",
    (html) => {
      expect(place(html, unknown)).toBe("leave: fragment");
    },
  );

  it.each([
    ["<!doctype html><p>", "<!doctype html>"],
    ["<html><p>", "<html>"],
  ])("knows that %j is a document, without the browser's word", (html, before) => {
    expect(place(html, unknown)).toBe(before);
  });

  it.each([
    '{"html":"<html><head>"}',
    "[]",
    "Hello <html><head>",
    "\ufeff42",
    "<!-- x --> text",
    "< html>",
    "<\u0000!",
    "<!doctype html>\u0000<head>",
  ])("leaves %j, which does not begin like HTML", (html) => {
    expect(place(html)).toBe("leave: not-html");
  });

  it("leaves UTF-16, in either byte order", () => {
    const text = Buffer.from("\ufeff<html><head>", "utf16le");
    expect(decideByBody(bytes(text), navigation)).toEqual({ kind: "leave", reason: "not-html" });
    expect(decideByBody(bytes(text.swap16()), navigation)).toEqual({ kind: "leave", reason: "not-html" });
  });

  it.each(["", " \n\t", "\ufeff", "<!-- only this -->", "<!doctype html>", "<html>", "<html", "<!-- unclosed <head>"])(
    "leaves %j, which has no content",
    (html) => {
      expect(place(html)).toBe("leave: empty");
    },
  );

  it.each(["<html amp>", "<html lang=en AMP>", "<html ⚡>", "<html ⚡4email>", "<html amp4ads>", '<html amp="">'])(
    "leaves AMP: %s",
    (tag) => {
      expect(place(`<!doctype html>${tag}<head>`)).toBe("leave: amp");
    },
  );

  it.each(["<html data-amp>", "<html lang=amp>", "<html title='⚡'>"])("does not take %s for AMP", (tag) => {
    expect(place(`${tag}<head>`)).toBe(bytes(`${tag}<head>`));
  });

  it("stops looking after a while", () => {
    const comment = `<!--${"x".repeat(MAX_HEAD_SEARCH_BYTES)}-->`;
    expect(place(`${comment}<html><head>`)).toBe("leave: no-head-found");
    expect(decideByBody(comment.slice(0, -3), { ...navigation, isComplete: false })).toEqual({
      kind: "leave",
      reason: "no-head-found",
    });
  });

  it.each(DOCUMENTS)("finds the same place byte by byte with %s", (_what, marked) => {
    const whole = bytes(marked.replace("|", ""));
    const end = decideByBody(whole, navigation);
    for (let length = 0; length < whole.length; length += 1) {
      expectConsistent(decideByBody(whole.slice(0, length), { ...navigation, isComplete: false }), end);
    }
  });
});

function expectConsistent(early: BodyDecision, end: BodyDecision): void {
  if (early.kind !== "more") expect(early).toEqual(end);
  else if (end.kind === "insert") expect(early.settled).toBeLessThanOrEqual(end.at);
}
