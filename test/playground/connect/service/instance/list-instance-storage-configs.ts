import { createHash } from "node:crypto";
import { fail, succeed } from "../answer.ts";
import { type Operation, readText, USUAL_RATE } from "../operation.ts";
import { paginate } from "../paginate.ts";

const TRANSCRIPTS = "CHAT_TRANSCRIPTS";
/** Nothing is set up for these here. Source: the same page (resourceType). */
const OTHER_TYPES = new Set([
  "CALL_RECORDINGS",
  "SCHEDULED_REPORTS",
  "MEDIA_STREAMS",
  "CONTACT_TRACE_RECORDS",
  "AGENT_EVENTS",
  "ATTACHMENTS",
  "CONTACT_EVALUATIONS",
  "SCREEN_RECORDINGS",
  "EMAIL_MESSAGES",
]);

/** Source: Amazon Connect API Reference, "ListInstanceStorageConfigs". */
export const listInstanceStorageConfigs: Operation = {
  method: "GET",
  path: /^\/instance\/(?<InstanceId>[^/]+)\/storage-configs$/,
  query: { resourceType: "ResourceType", maxResults: "MaxResults", nextToken: "NextToken" },
  ...USUAL_RATE,
  run(parameters, { console }) {
    const type = readText(parameters, "ResourceType");
    if (type !== TRANSCRIPTS && !OTHER_TYPES.has(type)) {
      return fail("InvalidParameterException", "The resourceType is not valid.");
    }
    const items = type === TRANSCRIPTS ? console.transcriptBuckets : [];
    const page = paginate(parameters, { items, defaultResults: 10, maxResults: 10, list: type });
    if ("status" in page) return page;
    return succeed({
      StorageConfigs: page.items.map((bucket) => ({
        AssociationId: createHash("sha256").update(bucket).digest("hex"),
        StorageType: "S3",
        S3Config: { BucketName: bucket, BucketPrefix: "connect/shop/ChatTranscripts" },
      })),
      ...page.next,
    });
  },
};
