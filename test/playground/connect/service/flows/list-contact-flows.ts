import { toArn } from "../../console/access.ts";
import { flowTypes } from "../../console/aws-console.ts";
import { fail, succeed } from "../answer.ts";
import { type Operation, readTexts, USUAL_RATE } from "../operation.ts";
import { paginate } from "../paginate.ts";

/** Source: Amazon Connect API Reference, "ListContactFlows". */
export const listContactFlows: Operation = {
  method: "GET",
  path: /^\/contact-flows-summary\/(?<InstanceId>[^/]+)$/,
  query: { contactFlowTypes: "ContactFlowTypes", maxResults: "MaxResults", nextToken: "NextToken" },
  lists: ["ContactFlowTypes"],
  ...USUAL_RATE,
  run(parameters, { access, console }) {
    const types = readTexts(parameters, "ContactFlowTypes");
    if (types.some((type) => !flowTypes.some((known) => known === type))) {
      return fail("InvalidParameterException", "The contactFlowTypes are not valid.");
    }
    const items = console.flows.filter(({ type }) => types.length === 0 || types.includes(type));
    const page = paginate(parameters, { items, defaultResults: 100, maxResults: 1_000, list: "contact-flows" });
    if ("status" in page) return page;
    return succeed({
      ContactFlowSummaryList: page.items.map(({ id, name, published, state, type }) => ({
        Id: id,
        Arn: toArn(access, "contact-flow", id),
        Name: name,
        ContactFlowType: type,
        ContactFlowState: state,
        ContactFlowStatus: published === null ? "SAVED" : "PUBLISHED",
      })),
      ...page.next,
    });
  },
};
