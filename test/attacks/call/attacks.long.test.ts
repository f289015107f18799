import { describeGuards } from "../attack.ts";
import { callAttacks } from "./attacks.ts";

describeGuards("Attacks by calls and tokens", callAttacks);
