import { ACCOUNT_ID, toInstanceArn } from "../../console/access.ts";
import { succeed } from "../answer.ts";
import { type Operation, USUAL_RATE } from "../operation.ts";
import { paginate } from "../paginate.ts";

/** Source: Amazon Connect API Reference, "ListInstances". */
export const listInstances: Operation = {
  method: "GET",
  path: /^\/instance$/,
  query: { maxResults: "MaxResults", nextToken: "NextToken" },
  ...USUAL_RATE,
  run(parameters, { access, console }) {
    const items = console.instances;
    const page = paginate(parameters, { items, defaultResults: 10, maxResults: 10, list: "instances" });
    if ("status" in page) return page;
    return succeed({
      InstanceSummaryList: page.items.map(({ alias, id, status }) => ({
        Id: id,
        Arn: toInstanceArn(access, id),
        IdentityManagementType: "CONNECT_MANAGED",
        InstanceAlias: alias,
        CreatedTime: 1_600_000_000,
        ServiceRole: `arn:aws:iam::${ACCOUNT_ID}:role/aws-service-role/connect.amazonaws.com/AWSServiceRoleForAmazonConnect`,
        InstanceStatus: status,
        InboundCallsEnabled: true,
        OutboundCallsEnabled: false,
        InstanceAccessUrl: `https://${alias}.my.connect.aws`,
      })),
      ...page.next,
    });
  },
};
