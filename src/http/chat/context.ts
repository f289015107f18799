import { type Context } from "hono";
import { type Config } from "../../config.ts";
import { buildContext, type ContextAttributes } from "../../core/chat/context/context.ts";
import { readRequestContext } from "../../core/chat/context/request-context.ts";
import { CONTEXT_HEADER, readSaidContext } from "../../core/chat/context/said-context.ts";

/**
 * What the agent is told of where the visitor is.
 *
 * @param mayAskPage Whether what the page says counts: without consent, only what the request tells.
 */
export function readContext(
  c: Context,
  { context: kinds, paths }: Pick<Config, "context" | "paths">,
  mayAskPage: boolean,
): ContextAttributes {
  if (kinds.length === 0) return buildContext([], {});
  const header = (name: string) => c.req.header(name);
  const { host } = new URL(c.req.url);
  const told = readRequestContext({ host, country: readCountry(c.req.raw), header });
  if (!mayAskPage) return buildContext(kinds, told);
  const said = readSaidContext(header(CONTEXT_HEADER) ?? "", { host, paths });
  return buildContext(kinds, { ...told, ...said, page: said.page || (told.page ?? "") });
}

function readCountry({ cf }: Request): string | undefined {
  return typeof cf?.["country"] === "string" ? cf["country"] : undefined;
}
