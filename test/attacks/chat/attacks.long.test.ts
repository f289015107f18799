import { describeGuards } from "../attack.ts";
import { chatAttacks } from "./attacks.ts";

describeGuards("Attacks on conversations", chatAttacks);
