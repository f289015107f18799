import { flowStates } from "../../console/aws-console.ts";
import { fail, succeed } from "../answer.ts";
import { type Operation, readText, USUAL_RATE } from "../operation.ts";
import { findFlow, refuseDescription, refuseName } from "./find-flow.ts";

/** What the call leaves out stays. Source: Amazon Connect API Reference, "UpdateContactFlowMetadata". */
export const updateContactFlowMetadata: Operation = {
  method: "POST",
  path: /^\/contact-flows\/(?<InstanceId>[^/]+)\/(?<ContactFlowId>[^/]+)\/metadata$/,
  body: ["Name", "Description", "ContactFlowState"],
  ...USUAL_RATE,
  run(parameters, service) {
    const found = findFlow(parameters, service);
    if ("status" in found) return found;
    const { flow } = found;
    const name = parameters["Name"] === undefined ? flow.name : readText(parameters, "Name");
    const description =
      parameters["Description"] === undefined ? flow.description : readText(parameters, "Description");
    const wanted = parameters["ContactFlowState"] ?? flow.state;
    const state = flowStates.find((known) => known === wanted);
    if (state === undefined) return fail("InvalidParameterException", "The ContactFlowState is not valid.");
    const refusal = refuseName(name, service, flow) ?? refuseDescription(description);
    if (refusal !== null) return refusal;
    Object.assign(flow, { name, description, state });
    return succeed("");
  },
};
