import { describeRefusals } from "../attack.ts";
import { chatAttacks } from "./attacks.ts";

describeRefusals("Attacks on conversations", chatAttacks);
