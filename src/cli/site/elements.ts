import { type DefaultTreeAdapterMap, type DefaultTreeAdapterTypes, parse, type ParserOptions } from "parse5";

export type Element = DefaultTreeAdapterTypes.Element;

/** All elements of a page in their order, as a browser with scripts reads them: without those in `<template>` and `<noscript>`. */
export function readElements(html: string, options: ParserOptions<DefaultTreeAdapterMap> = {}): Element[] {
  const elements: Element[] = [];
  const waiting: DefaultTreeAdapterTypes.Node[] = [parse(html, options)];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ("tagName" in node) elements.push(node);
    if ("childNodes" in node) for (const child of node.childNodes.toReversed()) waiting.push(child);
  }
  return elements;
}

/** An attribute's value; empty also where the element has no such attribute. */
export function readAttribute({ attrs }: Element, name: string): string {
  return attrs.find((attribute) => attribute.name === name)?.value ?? "";
}

export function hasAttribute({ attrs }: Element, name: string): boolean {
  return attrs.some((attribute) => attribute.name === name);
}
