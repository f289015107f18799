import { ConnectClient } from "@aws-sdk/client-connect";
import { ConnectParticipantClient } from "@aws-sdk/client-connectparticipant";
import { type ServiceAccess } from "../connect.ts";
import { access } from "./call-service.ts";

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

/** Amazon's own client of the participant API, as {@link createSdkClient}. */
export function createParticipantSdkClient(origin: string): ConnectParticipantClient {
  // The SDK wants a key, though this API does not ask for a signature.
  const credentials = { accessKeyId: "none", secretAccessKey: "none" };
  const client = new ConnectParticipantClient({ region: access.region, credentials, maxAttempts: 1 });
  client.middlewareStack.add(
    (next) => (args) => {
      redirect(args.request, origin);
      return next(args);
    },
    { step: "deserialize", priority: "low", name: "redirect" },
  );
  return client;
}

/** The header `host` stays as it was signed. */
function redirect(request: unknown, origin: string): void {
  const { hostname, port, protocol } = new URL(origin);
  Object.assign(Object(request), { hostname, port: Number(port), protocol });
}
