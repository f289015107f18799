import { type AST, getStaticTOMLValue, parseTOML } from "toml-eslint-parser";
import { toRouteHost } from "../shared/route.ts";

/** What setup changes in wrangler.toml. */
export interface TomlChanges {
  /** Values of `[vars]`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Host of the Route; `null`: the Worker has an address on workers.dev. */
  readonly routeHost: string | null;
  /** Id of the KV namespace `VISITORS`; `null`: the id in the file stays. */
  readonly namespaceId: string | null;
}

/**
 * The text of wrangler.toml with changes. Every other byte, comments included, stays as it is.
 *
 * @throws {Error} Where the file lacks a setting that is to be changed.
 */
export function editWranglerToml(text: string, changes: TomlChanges): string {
  // Some editors on Windows put a byte order mark in front, which is no TOML.
  return text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK + edit(text.slice(1), changes) : edit(text, changes);
}

const BYTE_ORDER_MARK = "\ufeff";

function edit(text: string, { variables, routeHost, namespaceId }: TomlChanges): string {
  let edited = changeRoutes(text, routeHost);
  edited = setValue(edited, "workers_dev", routeHost === null);
  for (const [name, value] of Object.entries(variables)) edited = setValue(edited, `vars.${name}`, value);
  return namespaceId === null ? edited : setValue(edited, findNamespaceIdName(edited), namespaceId);
}

function setValue(text: string, name: string, value: string | boolean): string {
  const node = requireValue(text, name);
  return getStaticTOMLValue(node) === value ? text : replaceRange(text, node.range, JSON.stringify(value));
}

/** The full name of the KV namespace's id. */
function findNamespaceIdName(text: string): string {
  const [binding = "the KV namespace VISITORS"] = findNames(text, /^kv_namespaces\.\d+\.binding$/, "VISITORS");
  return binding.replace(/\.binding$/, ".id");
}

/** Full names that match a pattern and have this value. */
function findNames(text: string, pattern: RegExp, value: string): string[] {
  return [...readValues(text)].flatMap(([name, node]) =>
    pattern.test(name) && getStaticTOMLValue(node) === value ? [name] : [],
  );
}

/** A list of routes that is commented out, on one line or more. */
const COMMENTED_ROUTES = /^# ?routes *= *\[(?:[^\]\n]|\n#)*\](?=[ \t]*(?:#|\r?$))/m;

function changeRoutes(text: string, host: string | null): string {
  const values = readValues(text);
  // The owner's own list stays where it has the host: with a zone name, a path or other hosts.
  const isOfHost = ([name, node]: [string, AST.TOMLContentNode]) =>
    /^routes\.\d+(?:\.pattern)?$/.test(name) && toRouteHost(text.slice(...node.range).slice(1, -1)) === host;
  if (host !== null && [...values].some(isOfHost)) return text;
  const routes = values.get("routes");
  const list = `["${host}/*"]`;
  if (routes !== undefined) {
    if (host !== null) return replaceRange(text, routes.range, list);
    const { range } = routes.parent;
    return replaceRange(text, range, `# ${text.slice(...range).replaceAll("\n", "\n# ")}`);
  }
  const other = [...values.keys()].find((name) => /^routes?(?:\.|$)/.test(name));
  if (other !== undefined) {
    const found = other.startsWith("routes") ? "[[routes]]" : "route = …";
    throw new Error(`Cannot change wrangler.toml: expected routes = [ … ], found ${found}`);
  }
  if (host === null) return text;
  const line = `routes = ${list}`;
  const firstTable = parseTOML(text).body[0].body.find(({ type }) => type === "TOMLTable");
  const top = text.slice(0, firstTable?.range[0]);
  if (COMMENTED_ROUTES.test(top)) return top.replace(COMMENTED_ROUTES, () => line) + text.slice(top.length);
  const [from] = requireValue(text, "workers_dev").parent.range;
  return replaceRange(text, [from, from], `${line}\n`);
}

function requireValue(text: string, name: string): AST.TOMLContentNode {
  const node = readValues(text).get(name);
  if (node === undefined) throw new Error(`Cannot change wrangler.toml: it has no line for ${name}`);
  return node;
}

/** Every value by its full name, such as `vars.MODE` or `kv_namespaces.0.id`. */
function readValues(text: string): Map<string, AST.TOMLContentNode> {
  return new Map(parseTOML(text).body[0].body.flatMap((node) => listValues(node, [])));
}

type Node = AST.TOMLTable | AST.TOMLKeyValue | AST.TOMLContentNode;

function listValues(node: Node, name: readonly (string | number)[]): [string, AST.TOMLContentNode][] {
  switch (node.type) {
    case "TOMLTable":
      return node.body.flatMap((child) => listValues(child, node.resolvedKey));
    case "TOMLKeyValue":
      return listValues(node.value, [...name, ...getStaticTOMLValue(node.key)]);
    case "TOMLInlineTable":
      return node.body.flatMap((child) => listValues(child, name));
    case "TOMLArray":
      return [[name.join("."), node], ...node.elements.flatMap((child, index) => listValues(child, [...name, index]))];
    case "TOMLValue":
      return [[name.join("."), node]];
  }
}

function replaceRange(text: string, [from, to]: readonly [number, number], replacement: string): string {
  return text.slice(0, from) + replacement + text.slice(to);
}
