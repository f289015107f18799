import { type Attack } from "../attack.ts";
import { alertAttacks } from "./alerts.ts";
import { contextAttacks } from "./context.ts";
import { forgedCallAttacks } from "./forged-calls.ts";
import { limitAttacks } from "./limits-and-errors.ts";
import { outcomeAttacks } from "./outcomes.ts";
import { ownerTokenAttacks } from "./owner-token.ts";
import { selfOffAttacks } from "./self-off.ts";

/** Attacks by calls that a visitor's browser is made to send, by the site's own token, by bodies and errors, by what a page says, and by failures that never happened. The order is that of the threat model's table. */
export const callAttacks: readonly Attack[] = [
  ...forgedCallAttacks,
  ...ownerTokenAttacks,
  ...limitAttacks,
  ...contextAttacks,
  ...outcomeAttacks,
  ...alertAttacks,
  ...selfOffAttacks,
];
