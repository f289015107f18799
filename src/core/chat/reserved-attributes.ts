import { CONTEXT_ATTRIBUTES } from "./context/context.ts";
import { FIXED_ATTRIBUTES } from "./continuation.ts";

/** Names of attributes that the owner cannot choose: they are taken, or would be once CONTEXT is set. */
export const RESERVED_ATTRIBUTES: readonly string[] = [...FIXED_ATTRIBUTES, ...Object.values(CONTEXT_ATTRIBUTES)];
