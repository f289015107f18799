import { type Instance } from "../../../../src/cli/connect/aws/find-instance.ts";

const id = "b54f1e0a-3c77-4b6d-8e51-0c9a7d2f6e48";

export const instance: Instance = {
  id,
  arn: `arn:aws:connect:eu-central-1:123456789012:instance/${id}`,
  region: "eu-central-1",
  accountId: "123456789012",
  alias: "shop",
};
