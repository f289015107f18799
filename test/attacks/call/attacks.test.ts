import { describeRefusals } from "../attack.ts";
import { callAttacks } from "./attacks.ts";

describeRefusals("Attacks by calls and tokens", callAttacks);
