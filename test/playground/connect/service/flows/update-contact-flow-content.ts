import { succeed } from "../answer.ts";
import { type Operation, readText, USUAL_RATE } from "../operation.ts";
import { findFlow, refuseContent, refuseToPublish } from "./find-flow.ts";

/**
 * Publishes the content. With the alias `$SAVED` it is saved, and neither checked nor published: the page names the alias
 * without saying more, and this is what it does for DescribeContactFlow.
 *
 * Source: Amazon Connect API Reference, "UpdateContactFlowContent".
 */
export const updateContactFlowContent: Operation = {
  method: "POST",
  path: /^\/contact-flows\/(?<InstanceId>[^/]+)\/(?<ContactFlowId>[^/]+)\/content$/,
  body: ["Content"],
  ...USUAL_RATE,
  run(parameters, service) {
    const found = findFlow(parameters, service);
    if ("status" in found) return found;
    const content = readText(parameters, "Content");
    const refusal = refuseContent(content) ?? (found.isSaved ? null : refuseToPublish(content, service));
    if (refusal !== null) return refusal;
    found.flow.saved = content;
    if (!found.isSaved) found.flow.published = content;
    return succeed("");
  },
};
