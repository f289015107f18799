import { ConnectClient } from "@aws-sdk/client-connect";
import { ConnectParticipantClient } from "@aws-sdk/client-connectparticipant";
import { IAMClient } from "@aws-sdk/client-iam";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { STSClient } from "@aws-sdk/client-sts";
import { type ServiceAccess } from "../connect.ts";
import { access, ownerAccess } from "./call-service.ts";

/**
 * Amazon's own client of the service API. Its requests go to this origin, signed for the host that the client chose.
 *
 * A client with another endpoint would sign another host than the real one.
 */
export function createSdkClient(origin: string, change: Partial<ServiceAccess> = {}): ConnectClient {
  const { accessKeyId, region, secretAccessKey } = { ...access, ...change };
  const client = new ConnectClient({ region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 });
  client.middlewareStack.add(
    (next) => (args) => {
      redirect(args.request, origin);
      return next(args);
    },
    // The last step: the request is complete and signed.
    { step: "deserialize", priority: "low", name: "redirect" },
  );
  return client;
}

/** The header `host` stays as it was signed. */
function redirect(request: unknown, origin: string): void {
  const { hostname, port, protocol } = new URL(origin);
  Object.assign(Object(request), { hostname, port: Number(port), protocol });
}

/** AWS's own clients, with the owner's login or another key, and this origin in place of AWS. */
export function createAwsClients(origin: string, change: Partial<ServiceAccess> = {}) {
  const { accessKeyId, region, secretAccessKey } = { region: access.region, ...ownerAccess, ...change };
  const config = { region, endpoint: origin, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 };
  return {
    connect: new ConnectClient(config),
    iam: new IAMClient(config),
    quotas: new ServiceQuotasClient(config),
    sts: new STSClient(config),
    participant: new ConnectParticipantClient(config),
  };
}
