import { confirm, log, select } from "@clack/prompts";
import { findInstance, type Instance } from "../connect/aws/find-instance.ts";
import { openAws } from "../connect/aws/open-aws.ts";
import { toPrintable } from "../shared/printable.ts";
import { checkInstanceId, checkRegion } from "./answers.ts";
import { ask, askText, Cancelled } from "./ask.ts";
import { mayHaveAwsLogin } from "./aws-login.ts";
import { type Present } from "./plan.ts";

type InstanceAnswer = Pick<Instance, "region"> & { readonly instanceId: string };

/** Asks which Connect instance the chats are of. AWS is asked only where the owner wants that. */
export async function askForInstance(present: Present): Promise<InstanceAnswer> {
  const { CONNECT_INSTANCE_ID: earlier = "", CONNECT_REGION: earlierRegion = "" } = present.variables;
  const found = earlier === "" && mayHaveAwsLogin(present.kept) ? await offerLogin(present, earlierRegion) : null;
  if (found !== null) return found;
  const region = await askText(
    "Region of the Connect instance, such as eu-central-1 (npm run connect needs it; may be left empty)",
    checkRegion,
    earlierRegion,
  );
  if (region === "") return { region, instanceId: "" };
  const instanceId = await askText(
    "Id of the instance, the end of its ARN (may be left empty)",
    checkInstanceId,
    earlier,
  );
  return { region, instanceId };
}

async function offerLogin({ kept }: Present, earlierRegion: string): Promise<InstanceAnswer | null> {
  const isWanted = await ask<boolean>(
    confirm({ message: "Take region and id of the Connect instance from your AWS login? Nothing is changed there." }),
  );
  return isWanted ? findWithLogin(kept["AWS_ACCESS_KEY_ID"] ?? null, earlierRegion) : null;
}

/** @returns `null` where AWS does not tell: setup goes on without. */
async function findWithLogin(workerKeyId: string | null, earlierRegion: string): Promise<InstanceAnswer | null> {
  try {
    const region = earlierRegion === "" ? null : earlierRegion;
    const aws = await openAws({ profile: null, region, endpoint: null, workerKeyId });
    try {
      const { alias, id, region: found } = await findInstance(aws, null, chooseInstance);
      log.info(toPrintable(`Connect instance: ${alias ?? id} in ${found}`));
      return { region: found, instanceId: id };
    } finally {
      aws.close();
    }
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    log.warn(toPrintable(error instanceof Error ? error.message : String(error)));
    return null;
  }
}

async function chooseInstance(instances: readonly Instance[]): Promise<Instance> {
  const id = await ask<string>(
    select<string>({
      message: "Which Connect instance?",
      options: instances.map((instance) => ({ value: instance.id, label: instance.alias ?? instance.id })),
    }),
  );
  const chosen = instances.find((instance) => instance.id === id);
  if (chosen === undefined) throw new Error(`Cannot find the instance ${id}`);
  return chosen;
}
