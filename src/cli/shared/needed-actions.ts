import { type ConnectAction } from "../../adapters/connect-api.ts";
import { type LinkBy } from "../../core/chat/continuation.ts";

/** The settings that decide which of Connect's actions the Worker takes. */
export interface LinkSettings {
  readonly linkBy: LinkBy;
  readonly endAbandoned: boolean;
}

/** The actions of Connect's API that the Worker's AWS key must be allowed to take, and no other. */
export function listNeededActions({ linkBy, endAbandoned }: LinkSettings): readonly ConnectAction[] {
  const asking: readonly ConnectAction[] = ["DescribeContact", "GetContactAttributes", "ListAssociatedContacts"];
  if (linkBy === "flow") return asking;
  return [...asking, "CreatePersistentContactAssociation", ...(endAbandoned ? (["StopContact"] as const) : [])];
}
