/** The Connect instance with the contacts that the Worker may read. */
export interface ConnectInstance {
  /** Such as `eu-central-1`. */
  readonly region: string;
  /** 12 digits; `null`: not known. */
  readonly accountId: string | null;
  readonly instanceId: string;
}

/**
 * Builds the policy for the Worker's AWS key: it allows DescribeContact in this instance alone.
 *
 * An unknown account becomes a wildcard. That grants nothing more: an instance id is unique, and a key reaches only the
 * instances of its own account.
 *
 * Source: AWS Service Authorization Reference, "Actions, resources, and condition keys for Amazon Connect"; AWS General
 * Reference, "Amazon Resource Names (ARNs)".
 */
export function buildIamPolicy({ region, accountId, instanceId }: ConnectInstance) {
  const partition = region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ReadWhoseAContactIs",
        Effect: "Allow",
        Action: "connect:DescribeContact",
        Resource: `arn:${partition}:connect:${region}:${accountId ?? "*"}:instance/${instanceId}/contact/*`,
      },
    ],
  };
}
