import { type InstanceStorageConfig, paginateListInstanceStorageConfigs } from "@aws-sdk/client-connect";
import { findIf } from "../../findings/find-if.ts";
import { type Instance } from "../aws/find-instance.ts";
import { type Aws } from "../aws/open-aws.ts";
import { type Look } from "./look.ts";

/**
 * Looks where the instance keeps chat transcripts. Persistent chat needs exactly one bucket.
 *
 * Source: Amazon Connect Administrator Guide, "Enable persistent chat".
 */
export async function lookAtTranscripts(aws: Aws, { id }: Instance): Promise<Look> {
  const configs: InstanceStorageConfig[] = [];
  const request = { InstanceId: id, ResourceType: "CHAT_TRANSCRIPTS" } as const;
  for await (const page of paginateListInstanceStorageConfigs({ client: aws.connect }, request)) {
    configs.push(...(page.StorageConfigs ?? []));
  }
  const buckets = [...new Set(configs.map(({ S3Config }) => S3Config?.BucketName ?? "another place than S3"))];
  return {
    facts: buckets.length === 1 ? [`chat transcripts: one bucket, ${buckets.join("")}`] : [],
    findings: [
      ...findIf(buckets.length === 0, "transcripts-off"),
      ...findIf(buckets.length > 1, "transcripts-in-several-buckets", [buckets.join(", ")]),
    ],
  };
}
