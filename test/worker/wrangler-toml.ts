import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getStaticTOMLValue, parseTOML } from "toml-eslint-parser";
import * as v from "valibot";

const RateLimit = v.object({
  name: v.string(),
  namespace_id: v.string(),
  simple: v.object({ limit: v.number(), period: v.picklist([10, 60]) }),
});

const WranglerToml = v.object({
  compatibility_date: v.string(),
  vars: v.record(v.string(), v.string()),
  kv_namespaces: v.array(v.object({ binding: v.string(), id: v.string() })),
  ratelimits: v.array(RateLimit),
});

/** Reads what a local Worker takes from wrangler.toml. Wrangler's own reader takes two seconds to load, in every test file. */
export function readWranglerToml(): v.InferOutput<typeof WranglerToml> {
  const text = readFileSync(join(import.meta.dirname, "../../wrangler.toml"), "utf8");
  return v.parse(WranglerToml, getStaticTOMLValue(parseTOML(text)));
}
