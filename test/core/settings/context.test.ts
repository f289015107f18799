import { describe, expect, it } from "vitest";
import { CONTEXT_ATTRIBUTES, CONTEXT_KINDS } from "../../../src/core/chat/context/context.ts";
import { chatOf, problemsOf } from "./config-env.ts";

describe("parseConfig(), CONTEXT", () => {
  it("is off where nothing is set", () => {
    expect(chatOf({ CONTEXT: "" })?.context).toEqual([]);
    expect(chatOf({ CONTEXT: "  " })?.context).toEqual([]);
  });

  it("keeps the owner's order", () => {
    expect(chatOf({ CONTEXT: " device  page\nerror" })?.context).toEqual(["device", "page", "error"]);
  });

  it("takes every word that README names", () => {
    const words = "page title trail referrer language country device error";
    expect(chatOf({ CONTEXT: words })?.context).toEqual(words.split(" "));
    expect(CONTEXT_KINDS).toEqual(words.split(" "));
  });

  it.each([
    ["page titel", 'found "titel"'],
    ["Page", 'found "Page"'],
    ["page,title", 'found "page,title"'],
    ["toString", 'found "toString"'],
  ])("refuses %j by name, and says which words there are", (value, found) => {
    expect(problemsOf({ CONTEXT: value })).toEqual({
      CONTEXT: `expected any of page title trail referrer language country device error, separated by spaces, ${found}`,
    });
  });

  it("refuses a word that stands there twice", () => {
    expect(problemsOf({ CONTEXT: "page title page" })).toEqual({ CONTEXT: 'expected each word once, found "page"' });
  });

  it.each(Object.values(CONTEXT_ATTRIBUTES))("keeps the name %s from the owner's own attributes", (name) => {
    expect(problemsOf({ CONTACT_ATTRIBUTE: name })).toEqual({ CONTACT_ATTRIBUTE: expect.stringContaining(name) });
    expect(problemsOf({ VISITOR_ATTRIBUTE: name })).toEqual({ VISITOR_ATTRIBUTE: expect.stringContaining(name) });
  });
});
