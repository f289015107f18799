import { array, constantFrom, sample } from "fast-check";
import { describe, expect, it } from "vitest";
import { decideByBody } from "../../../src/core/page/body-decision.ts";
import { useBrowser } from "../use-chat-pages.ts";

const TAG = "<script data-tag></script>";

/** Whole tags and pieces of tags, in any order: only a browser can tell where their head begins. */
const anyPiece = constantFrom(
  ..."<!doctype html>,<html>,<html lang=en>,<head>,</head>,<body>,</body>,</html>,<head/>,<HEAD a='>'>".split(","),
  ..."<template>,</template>,<svg>,</svg>,<math>,<p>,</p>,<br>,</br>,<select>,<frameset>,<noscript>,<table>".split(","),
  ..."<title>x</title>,<meta charset=utf-8>,<script>'<head>'</script>,<style>,</style>,<link rel=x>,<base>".split(","),
  ...'<!-- c -->,<!-->,<!--x--!>,<!--!>,<?xml?>,</x>,</>,<!x>,<a,text, ,\n,\0,<html b="<head>">,<html =">'.split(","),
);

const browser = useBrowser();

describe("the place of our tag, in Chromium", () => {
  it("is the start of the head, and changes nothing else in the document", async () => {
    const pages = sample(array(anyPiece, { minLength: 1, maxLength: 9 }), { numRuns: 5000, seed: 7 }).flatMap(
      (pieces) => {
        const html = pieces.join("");
        const decision = decideByBody(html, { isComplete: true, isNavigation: true });
        return decision.kind === "insert"
          ? [[html, html.slice(0, decision.at) + TAG + html.slice(decision.at)] as const]
          : [];
      },
    );
    expect(pages.length).toBeGreaterThan(3000);
    const page = await browser.context.newPage();
    const wrong = await page.evaluate(
      (all) =>
        all.filter(([original, injected]) => {
          const [expected, got] = [original, injected].map((html) =>
            new DOMParser().parseFromString(html, "text/html"),
          );
          const tags = got?.querySelectorAll("script[data-tag]") ?? [];
          const isFirst = tags.length === 1 && got?.head.firstElementChild === tags[0];
          tags[0]?.remove();
          got?.normalize();
          const isSame = got?.documentElement.outerHTML === expected?.documentElement.outerHTML;
          return !isFirst || !isSame || got?.compatMode !== expected?.compatMode;
        }),
      pages,
    );
    expect(wrong).toEqual([]);
  });
});
