import { type InstanceSummary, paginateListInstances } from "@aws-sdk/client-connect";
import { Misuse } from "../../shared/command-line.ts";
import { isDenied } from "./aws-problem.ts";
import { type Aws } from "./open-aws.ts";

/** A Connect instance of the owner's. */
export interface Instance {
  readonly id: string;
  readonly arn: string;
  readonly region: string;
  /** 12 digits. */
  readonly accountId: string;
  /** The name in the instance's address; `null`: not known. */
  readonly alias: string | null;
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Source: Service Authorization Reference, "Resource types defined by Amazon Connect". */
const ARN = /^arn:aws[\w-]*:connect:(?<region>[\w-]+):(?<accountId>\d{12}):instance\/(?<id>[\da-f-]{36})$/i;

/** The region that an ARN names; `null` for another text. */
export function readArnRegion(text: string): string | null {
  return ARN.exec(text)?.groups?.["region"] ?? null;
}

/** Asks the owner which of several instances is meant. */
export type ChooseInstance = (instances: readonly Instance[]) => Promise<Instance>;

/**
 * Finds the instance that the owner means.
 *
 * @param wanted Its id, ARN or alias; `null`: the only one there is, or the one that the owner chooses.
 * @throws {Misuse} Where there is no such instance, with those that there are.
 */
export async function findInstance(aws: Aws, wanted: string | null, choose: ChooseInstance): Promise<Instance> {
  const instances = await listInstances(aws, wanted);
  if (wanted === null) {
    const [only, ...others] = instances;
    if (only === undefined) throw new Misuse(`This account has no Connect instance in ${aws.region}: give --region.`);
    return others.length === 0 ? only : choose(instances);
  }
  const name = wanted.toLowerCase();
  const found = instances.find(({ id, arn, alias }) => [id, arn, alias].some((one) => one?.toLowerCase() === name));
  if (found !== undefined) return found;
  const asked = ARN.exec(wanted)?.groups?.["accountId"];
  const account = instances[0]?.accountId;
  if (asked !== undefined && account !== undefined && asked !== account) {
    throw new Misuse(
      `--instance: it is of the account ${asked}, and your AWS login is of ${account}: name another --profile.`,
    );
  }
  const names = instances.map(({ alias, id }) => alias ?? id).join(", ");
  throw new Misuse(
    `--instance: this account has no instance "${wanted}" in ${aws.region}${names === "" ? "" : `, but ${names}`}: check --region, --instance and --profile.`,
  );
}

async function listInstances(aws: Aws, wanted: string | null): Promise<Instance[]> {
  const summaries: InstanceSummary[] = [];
  try {
    for await (const page of paginateListInstances({ client: aws.connect }, {})) {
      summaries.push(...(page.InstanceSummaryList ?? []));
    }
  } catch (error) {
    // A login for one instance alone may not list all of them.
    const given = wanted === null ? null : toInstance({ Arn: wanted });
    if (isDenied(error) && given !== null) return [given];
    throw error;
  }
  return summaries.flatMap((summary) => toInstance(summary) ?? []);
}

function toInstance({ Arn = "", InstanceAlias }: InstanceSummary): Instance | null {
  const { accountId, id, region } = ARN.exec(Arn)?.groups ?? {};
  if (accountId === undefined || id === undefined || region === undefined || !UUID.test(id)) return null;
  return { id, arn: Arn, region, accountId, alias: InstanceAlias ?? null };
}
