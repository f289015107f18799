import type { ServiceAccess } from "../console/access.ts";
import type { AwsConsole } from "../console/aws-console.ts";
import type { ServiceAction } from "../service/operations.ts";
import type { ServiceHealth } from "../service/service-health.ts";
import type { Admit } from "./callers.ts";

/** What the services beside Connect work on. */
export interface AwsDeps {
  readonly access: ServiceAccess;
  readonly admit: Admit;
  readonly console: AwsConsole;
  readonly actionHealth: ReadonlyMap<ServiceAction, ServiceHealth>;
  readonly onOwnerCall: (action: string) => void;
}
