import { describeGuards } from "./attack.ts";
import { callAttacks } from "./call-attacks.ts";

describeGuards("Attacks by calls and tokens", callAttacks);
