/** The KV id that stands in wrangler.toml as it is delivered. */
export const NO_NAMESPACE_ID = "0".repeat(32);

/** What setup changes in wrangler.toml. */
export interface TomlChanges {
  /** Values of `[vars]`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Host of the Route; `null`: the Worker has an address on workers.dev. */
  readonly routeHost: string | null;
  /** `null`: as it is. */
  readonly namespaceId: string | null;
}

/**
 * The text of wrangler.toml with changes: every other line, and every comment, as it was.
 *
 * @throws {Error} Where a line that it needs is not there.
 */
export function editWranglerToml(text: string, { variables, routeHost, namespaceId }: TomlChanges): string {
  const [top, rest] = splitAtEnvironments(text);
  let edited = top;
  for (const [name, value] of Object.entries(variables)) {
    edited = replaceLine(edited, new RegExp(`^(${name} = )"[^"]*"`, "m"), `$1${JSON.stringify(value)}`, name);
  }
  edited = changeRoutes(edited, routeHost);
  edited = replaceLine(edited, /^workers_dev = \w+/m, `workers_dev = ${routeHost === null}`, "workers_dev");
  if (namespaceId !== null) {
    edited = replaceLine(edited, /^(binding = "VISITORS"\nid = )"[^"]*"/m, `$1"${namespaceId}"`, "the id of VISITORS");
  }
  return edited + rest;
}

/** A list, over one line or more, that is in force or a comment. */
const ROUTES = /^(?:# )?routes = \[[^\]]*\]/m;

function changeRoutes(text: string, host: string | null): string {
  const [found = ""] = ROUTES.exec(text) ?? [];
  const isInForce = found.startsWith("routes");
  if (host === null) return isInForce ? text.replace(found, () => found.replaceAll(/^/gm, "# ")) : text;
  // The owner may have said more of it, such as its zone, or that there are others.
  if (isInForce && found.includes(`"${host}/*"`)) return text;
  return replaceLine(text, ROUTES, `routes = ["${host}/*"]`, "routes");
}

/** The id of the KV namespace; `null` while there is none. */
export function readNamespaceId(text: string): string | null {
  const [, id = NO_NAMESPACE_ID] = /^binding = "VISITORS"\nid = "([^"]*)"/m.exec(text) ?? [];
  return id === NO_NAMESPACE_ID ? null : id;
}

function splitAtEnvironments(text: string): [string, string] {
  const at = text.search(/^(?:# )?\[env\./m);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at)];
}

function replaceLine(text: string, line: RegExp, replacement: string, what: string): string {
  if (!line.test(text)) throw new Error(`Cannot change wrangler.toml: it has no line for ${what}`);
  return text.replace(line, replacement);
}
