import { succeed } from "../answer.ts";
import { type Operation, USUAL_RATE } from "../operation.ts";
import { findFlow } from "./find-flow.ts";

/** Source: Amazon Connect API Reference, "DeleteContactFlow". */
export const deleteContactFlow: Operation = {
  method: "DELETE",
  path: /^\/contact-flows\/(?<InstanceId>[^/]+)\/(?<ContactFlowId>[^/]+)$/,
  ...USUAL_RATE,
  run(parameters, service) {
    const found = findFlow(parameters, service);
    if ("status" in found) return found;
    const { flows } = service.console;
    flows.splice(flows.indexOf(found.flow), 1);
    return succeed("");
  },
};
