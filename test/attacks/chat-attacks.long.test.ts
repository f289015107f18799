import { describeGuards } from "./attack.ts";
import { chatAttacks } from "./chat-attacks.ts";

describeGuards("Attacks on conversations", chatAttacks);
