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
  if (routeHost !== null) {
    edited = replaceLine(edited, /^(?:# )?routes = .*$/m, `routes = ["${routeHost}/*"]`, "routes");
  }
  edited = replaceLine(edited, /^workers_dev = \w+/m, `workers_dev = ${routeHost === null}`, "workers_dev");
  if (namespaceId !== null) {
    edited = replaceLine(edited, /^(binding = "VISITORS"\nid = )"[^"]*"/m, `$1"${namespaceId}"`, "the id of VISITORS");
  }
  return edited + rest;
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
