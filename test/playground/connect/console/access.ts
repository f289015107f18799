/** The account of everything here. */
export const ACCOUNT_ID = "123456789012";

export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
}

/** The Worker's key, and the instance. */
export interface ServiceAccess extends AccessKey {
  region: string;
  instanceId: string;
}

export function toInstanceArn({ region }: ServiceAccess, instanceId: string): string {
  return `arn:aws:connect:${region}:${ACCOUNT_ID}:instance/${instanceId}`;
}

/** @param kind As in the ARN, such as `contact-flow`. */
export function toArn(access: ServiceAccess, kind: "contact" | "contact-flow" | "queue", id: string): string {
  return `${toInstanceArn(access, access.instanceId)}/${kind}/${id}`;
}
