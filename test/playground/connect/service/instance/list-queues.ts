import { toArn } from "../../console/access.ts";
import { fail, succeed } from "../answer.ts";
import { type Operation, readTexts, USUAL_RATE } from "../operation.ts";
import { paginate } from "../paginate.ts";

const TYPES = new Set(["STANDARD", "AGENT"]);

/** Source: Amazon Connect API Reference, "ListQueues". */
export const listQueues: Operation = {
  method: "GET",
  path: /^\/queues-summary\/(?<InstanceId>[^/]+)$/,
  query: { queueTypes: "QueueTypes", maxResults: "MaxResults", nextToken: "NextToken" },
  lists: ["QueueTypes"],
  ...USUAL_RATE,
  run(parameters, { access, console }) {
    const types = readTexts(parameters, "QueueTypes");
    if (types.some((type) => !TYPES.has(type))) {
      return fail("InvalidParameterException", "The queueTypes are not valid.");
    }
    const items = console.queues.filter(({ type }) => types.length === 0 || types.includes(type));
    const page = paginate(parameters, { items, defaultResults: 100, maxResults: 1_000, list: "queues" });
    if ("status" in page) return page;
    return succeed({
      QueueSummaryList: page.items.map(({ id, name, type }) => ({
        Id: id,
        Arn: toArn(access, "queue", id),
        // An agent's queue has no name.
        ...(type === "STANDARD" && { Name: name }),
        QueueType: type,
      })),
      ...page.next,
    });
  },
};
