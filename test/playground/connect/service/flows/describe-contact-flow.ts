import { createHash } from "node:crypto";
import { toArn } from "../../console/access.ts";
import { fail, succeed } from "../answer.ts";
import { type Operation, USUAL_RATE } from "../operation.ts";
import { findFlow } from "./find-flow.ts";

/**
 * Without the alias `$SAVED` it tells what is published, and refuses a flow that never was.
 *
 * Source: Amazon Connect API Reference, "DescribeContactFlow".
 */
export const describeContactFlow: Operation = {
  method: "GET",
  path: /^\/contact-flows\/(?<InstanceId>[^/]+)\/(?<ContactFlowId>[^/]+)$/,
  ...USUAL_RATE,
  run(parameters, service) {
    const found = findFlow(parameters, service);
    if ("status" in found) return found;
    const { description, id, name, published, saved, state, tags, type } = found.flow;
    const content = found.isSaved ? saved : published;
    if (content === null) return fail("ContactFlowNotPublishedException", "The contact flow has not been published.");
    return succeed({
      ContactFlow: {
        Arn: toArn(service.access, "contact-flow", id),
        Id: id,
        Name: name,
        Type: type,
        State: state,
        Status: found.isSaved ? "SAVED" : "PUBLISHED",
        Description: description,
        Content: content,
        Tags: tags,
        FlowContentSha256: createHash("sha256").update(content).digest("hex"),
      },
    });
  },
};
