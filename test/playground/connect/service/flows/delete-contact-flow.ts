import { fail, succeed } from "../answer.ts";
import { type Operation, USUAL_RATE } from "../operation.ts";
import { findFlow } from "./find-flow.ts";

/**
 * Whether Connect deletes a flow that is used is not documented: here it refuses, so that a caller must cope with it.
 *
 * Source: Amazon Connect API Reference, "DeleteContactFlow".
 */
export const deleteContactFlow: Operation = {
  method: "DELETE",
  path: /^\/contact-flows\/(?<InstanceId>[^/]+)\/(?<ContactFlowId>[^/]+)$/,
  ...USUAL_RATE,
  run(parameters, service) {
    const found = findFlow(parameters, service);
    if ("status" in found) return found;
    const { flows, widgetFlowId } = service.console;
    if (found.flow.id === widgetFlowId) return fail("InvalidRequestException", "The contact flow is in use.");
    flows.splice(flows.indexOf(found.flow), 1);
    return succeed("");
  },
};
