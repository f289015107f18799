import { CONNECT_REGIONS } from "../../../core/policy/chat-sources.ts";
import { findIf } from "../../findings/find-if.ts";
import { type Settings } from "../../shared/own-settings.ts";
import { type Instance } from "../aws/find-instance.ts";
import { type Look } from "./look.ts";

/** Compares the instance with what the Worker's settings say of it. */
export function lookAtInstance({ id, region }: Instance, settings: Settings): Look {
  const wanted = { CONNECT_REGION: region, CONNECT_INSTANCE_ID: id };
  const differing = Object.entries(wanted).filter(([name, value]) => (settings[name] ?? value) !== value);
  const unset = Object.entries(wanted).filter(([name]) => settings[name] === undefined);
  return {
    facts: unset.map(([name, value]) => `not set in wrangler.toml: ${name} = "${value}"`),
    findings: [
      ...findIf(
        differing.length > 0,
        "instance-differs",
        differing.map(([name, value]) => `${name} = "${value}", found "${settings[name]}"`),
      ),
      ...findIf(!CONNECT_REGIONS.includes(region), "region-unknown", [region]),
    ],
  };
}
