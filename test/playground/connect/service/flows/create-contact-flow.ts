import { createHash } from "node:crypto";
import { toArn } from "../../console/access.ts";
import { buildFlow, flowTypes } from "../../console/aws-console.ts";
import { fail, succeed } from "../answer.ts";
import { type Operation, type Parameters, readText, USUAL_RATE } from "../operation.ts";
import { refuseContent, refuseDescription, refuseName, refuseToPublish } from "./find-flow.ts";

const STATUSES = ["PUBLISHED", "SAVED"];

/** What is saved is not checked. Source: Amazon Connect API Reference, "CreateContactFlow". */
export const createContactFlow: Operation = {
  method: "PUT",
  path: /^\/contact-flows\/(?<InstanceId>[^/]+)$/,
  body: ["Name", "Type", "Description", "Content", "Status", "Tags"],
  ...USUAL_RATE,
  run(parameters, service) {
    const { access, console } = service;
    const type = flowTypes.find((known) => known === parameters["Type"]);
    const status = parameters["Status"] ?? "PUBLISHED";
    if (type === undefined) return fail("InvalidParameterException", "The Type is not valid.");
    if (!STATUSES.some((known) => known === status))
      return fail("InvalidParameterException", "The Status is not valid.");
    const [name, content] = [readText(parameters, "Name"), readText(parameters, "Content")];
    const description = readText(parameters, "Description");
    const isPublished = status === "PUBLISHED";
    const refusal =
      refuseContent(content) ??
      refuseDescription(description) ??
      refuseName(name, service) ??
      (isPublished ? refuseToPublish(content, service) : null);
    if (refusal !== null) return refusal;
    const published = isPublished ? content : null;
    const flow = { ...buildFlow(name, content), type, description, published, tags: readTags(parameters) };
    console.flows.push(flow);
    return succeed({
      ContactFlowId: flow.id,
      ContactFlowArn: toArn(access, "contact-flow", flow.id),
      FlowContentSha256: createHash("sha256").update(content).digest("hex"),
    });
  },
};

function readTags({ Tags }: Parameters): Record<string, string> {
  const entries = Object.entries(typeof Tags === "object" && Tags !== null ? Tags : {});
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
