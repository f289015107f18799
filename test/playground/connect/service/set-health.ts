import { isServiceAction, type ServiceAction, serviceActions } from "./operations.ts";
import type { ServiceApi } from "./service-api.ts";
import { isServiceHealth, type ServiceHealth, serviceHealths } from "./service-health.ts";

/**
 * Sets the state of the service API, or of one action alone.
 *
 * @param action `null` for all actions that have no state of their own.
 * @param health `null` takes an action's own state away.
 * @throws {Error} When there is no such action or state.
 */
export function setHealth(api: ServiceApi, action: unknown, health: unknown): void {
  if (action === null) api.health = requireHealth(health);
  else if (health === null) api.actionHealth.delete(requireAction(action));
  else api.actionHealth.set(requireAction(action), requireHealth(health));
}

function requireAction(action: unknown): ServiceAction {
  if (typeof action === "string" && isServiceAction(action)) return action;
  throw new Error(`Cannot set one action: wanted ${serviceActions.join(" or ")}`);
}

function requireHealth(health: unknown): ServiceHealth {
  if (isServiceHealth(health)) return health;
  throw new Error(`Cannot set the service: wanted ${serviceHealths.join(" or ")}`);
}
