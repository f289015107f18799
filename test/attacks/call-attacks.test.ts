import { describeAttacks } from "./attack.ts";
import { callAttacks } from "./call-attacks.ts";

describeAttacks("Attacks by calls and tokens", callAttacks);
