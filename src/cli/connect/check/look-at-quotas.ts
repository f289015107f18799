import { paginateListServiceQuotas, type ServiceQuota } from "@aws-sdk/client-service-quotas";
import { type ConnectAction } from "../../../adapters/connect-api.ts";
import { findIf } from "../../findings/find-if.ts";
import { type Instance } from "../aws/find-instance.ts";
import { type Aws } from "../aws/open-aws.ts";
import { type Look } from "./look.ts";

/** Chats at the same time, also those that wait. Source: Amazon Connect Administrator Guide, "Service quotas". */
const CHATS = { name: "Concurrent active chats per instance", usual: 500 };
/** Amazon's default rates, in requests a second. Source: the same page, "API throttling quotas". */
const USUAL_RATES = {
  StartChatContact: 5,
  DescribeContact: 10,
  GetContactAttributes: 10,
  ListAssociatedContacts: 2,
  CreatePersistentContactAssociation: 5,
  StopContact: 10,
} as const satisfies Record<ConnectAction | "StartChatContact", number>;

/**
 * Looks at the quotas that can keep a chat from being started or continued.
 *
 * @param actions What the Worker calls.
 */
export async function lookAtQuotas(aws: Aws, instance: Instance, actions: readonly ConnectAction[]): Promise<Look> {
  const quotas: ServiceQuota[] = [];
  const request = { ServiceCode: "connect", QuotaAppliedAtLevel: "ALL" } as const;
  for await (const page of paginateListServiceQuotas({ client: aws.quotas }, request)) {
    quotas.push(...(page.Quotas ?? []));
  }
  return toLook(quotas, instance, actions);
}

/** @param quotas All that Service Quotas has of Connect. One that is not among them has Amazon's default. */
export function toLook(quotas: readonly ServiceQuota[], { arn }: Instance, actions: readonly ConnectAction[]): Look {
  const wanted = [
    { ...CHATS, label: "chats at the same time" },
    ...(["StartChatContact", ...actions] as const).map((action) => ({
      name: `Rate of ${action} API requests`,
      usual: USUAL_RATES[action],
      label: `${action} a second`,
    })),
  ];
  const found = wanted.flatMap(({ label, name, usual }) => {
    const ofName = quotas.filter(({ QuotaName }) => QuotaName === name);
    const quota = ofName.find(({ QuotaContext }) => QuotaContext?.ContextId === arn) ?? ofName.find(isOfAccount);
    return quota?.Value === undefined ? [] : [{ label, value: quota.Value, usual }];
  });
  const low = found.filter(({ usual, value }) => value < usual);
  return {
    facts: found.length === 0 ? [] : [`quotas: ${found.map(({ label, value }) => `${value} ${label}`).join(", ")}`],
    findings: findIf(
      low.length > 0,
      "quota-low",
      low.map(({ label, usual, value }) => `${value} ${label}, Amazon's default is ${usual}`),
    ),
  };
}

function isOfAccount({ QuotaContext }: ServiceQuota): boolean {
  return QuotaContext?.ContextId === undefined || QuotaContext.ContextId === "*";
}
