/** One quota of the account. */
export interface Quota {
  code: string;
  name: string;
  value: number;
  isAdjustable: boolean;
  /** Whether it counts in the whole account, or in one instance. */
  level: "ACCOUNT" | "RESOURCE";
}

/**
 * The quotas of a new account that have to do with chats. Of actions that are not listed, the rate has no quota of its own.
 *
 * Source: Amazon Connect Administrator Guide, "Amazon Connect service quotas", with the codes of the quotas in their links;
 * the API's rates and codes as Service Quotas lists them.
 */
export const defaultQuotas: readonly Quota[] = [
  {
    code: "L-D4BA6F6E",
    name: "Concurrent active chats per instance",
    value: 500,
    isAdjustable: true,
    level: "ACCOUNT",
  },
  apiRate("L-AA48CD49", "StartChatContact", 5),
  apiRate("L-371095B8", "DescribeContact", 10),
  apiRate("L-5AF7EB96", "GetContactAttributes", 10),
  apiRate("L-650BD10F", "StopContact", 10),
];

function apiRate(code: string, action: string, value: number): Quota {
  return { code, name: `Rate of ${action} API requests`, value, isAdjustable: true, level: "ACCOUNT" };
}
