import { type Attack } from "../attack.ts";
import { answerAttacks } from "./answers.ts";
import { forwardingAttacks } from "./forwarding.ts";
import { markupAttacks } from "./markup.ts";
import { pageContentAttacks } from "./page-content.ts";

/** Attacks by what passes through to the site and back, and by what ends up in its pages. The order is that of the threat model's table. */
export const proxyAttacks: readonly Attack[] = [
  ...forwardingAttacks,
  ...markupAttacks,
  ...answerAttacks,
  ...pageContentAttacks,
];
