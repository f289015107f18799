import { describeRefusals } from "./attack.ts";
import { callAttacks } from "./call-attacks.ts";

describeRefusals("Attacks by calls and tokens", callAttacks);
