import { LINK_TYPE, type RehydrationType } from "../../../flow/contact-flow.ts";
import { changeBlocks, type FlowContent } from "./flow-content.ts";

/** The content with each link's "entire past session" in this spelling. */
export function spell(content: FlowContent, spelling: RehydrationType): FlowContent {
  return changeBlocks(content, (block) =>
    block.Type === LINK_TYPE ? { ...block, Parameters: { ...block.Parameters, RehydrationType: spelling } } : block,
  );
}
