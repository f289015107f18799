import { ConnectClient } from "@aws-sdk/client-connect";
import { ConnectParticipantClient } from "@aws-sdk/client-connectparticipant";
import { IAMClient } from "@aws-sdk/client-iam";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { STSClient } from "@aws-sdk/client-sts";
import { type MiddlewareStack } from "@smithy/types";
import { Misuse } from "../../shared/command-line.ts";
import { type AwsCall, AwsProblem, MISSING_REGION, toAwsProblem } from "./aws-problem.ts";
import { createPace } from "./pace.ts";
import { createSignedFetch } from "./send-signed.ts";

/** Which login of the owner's is used, and where. */
export interface AwsOptions {
  /** `null`: the default profile, the environment, or whatever else the SDK's default chain finds. */
  readonly profile: string | null;
  /** `null`: the region of the profile or the environment. */
  readonly region: string | null;
  /** Address of a stand-in for all of AWS's services; `null`: AWS. */
  readonly endpoint: string | null;
  /** Access key id of the Worker's key, which is not the owner's login; `null`: not known. */
  readonly workerKeyId: string | null;
}

/** A network that hangs must not keep a command for ever. Both in milliseconds. */
const PATIENCE = { connectionTimeout: 5000, requestTimeout: 15_000, throwOnRequestTimeout: true } as const;

/** AWS, as the owner's own login sees it. Failed calls throw {@link AwsProblem}. At most 2 requests a second are sent. */
export interface Aws {
  readonly region: string;
  readonly connect: ConnectClient;
  readonly iam: IAMClient;
  readonly quotas: ServiceQuotasClient;
  readonly sts: STSClient;
  /** The customer's side of a chat: its calls carry the chat's own token, and no login. */
  readonly participant: ConnectParticipantClient;
  /** The Security Token Service, called with another key than the owner's. */
  openSts(key: AccessKey): STSClient;
  /** Sends a request that another key has signed, at the same pace. */
  sendSigned(request: Request): Promise<Response>;
  close(): void;
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Opens AWS with the SDK's default credential chain.
 *
 * @throws {AwsProblem} Where there is no login or no region.
 * @throws {Misuse} Where the login is the Worker's own key.
 */
export async function openAws({ endpoint, profile, region, workerKeyId }: AwsOptions): Promise<Aws> {
  const config = {
    requestHandler: PATIENCE,
    ...(profile !== null && { profile }),
    ...(region !== null && { region }),
    ...(endpoint !== null && { endpoint }),
  };
  const connect = new ConnectClient(config);
  const call = { action: "AWS", profile, region };
  const found = await connect.config.region().catch((cause: unknown) => {
    throw new AwsProblem(MISSING_REGION, { action: "AWS", code: "NoRegion", cause });
  });
  const { accessKeyId } = await connect.config.credentials().catch((error: unknown) => {
    throw toAwsProblem(error, { ...call, region: found });
  });
  if (accessKeyId === workerKeyId) {
    throw new Misuse(
      "This AWS login is the Worker's own key: log in as yourself, for example with aws sso login, or name a profile with --profile.",
    );
  }
  const all = { ...config, region: found };
  const noLogin = { accessKeyId: "none", secretAccessKey: "none" };
  const clients = {
    connect,
    iam: new IAMClient(all),
    quotas: new ServiceQuotasClient(all),
    sts: new STSClient(all),
    participant: new ConnectParticipantClient({ ...all, credentials: noLogin }),
  };
  const waitForTurn = createPace();
  const known = { profile, region: found };
  watch(clients.connect, "connect", known, waitForTurn);
  watch(clients.iam, "iam", known, waitForTurn);
  watch(clients.quotas, "servicequotas", known, waitForTurn);
  watch(clients.sts, "sts", known, waitForTurn);
  watch(clients.participant, "the participant service's", known, waitForTurn);
  return {
    ...clients,
    region: found,
    openSts(key) {
      const sts = new STSClient({ ...all, credentials: key });
      watch(sts, "sts", known, waitForTurn);
      return sts;
    },
    sendSigned: createSignedFetch(endpoint, waitForTurn),
    close() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** Every attempt of a call waits for its turn, and a failed call says in plain words what is wrong. */
function watch<Input extends object, Output extends object>(
  { middlewareStack }: { readonly middlewareStack: MiddlewareStack<Input, Output> },
  service: string,
  known: Omit<AwsCall, "action">,
  waitForTurn: () => Promise<void>,
): void {
  middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          throw toAwsProblem(error, { ...known, action: `${service}:${commandName.replace(/Command$/, "")}` });
        }
      },
    { step: "initialize", priority: "high", name: "explain" },
  );
  middlewareStack.add(
    (next) => async (args) => {
      await waitForTurn();
      return next(args);
    },
    // The last step, after retries have begun.
    { step: "deserialize", priority: "low", name: "pace" },
  );
}
