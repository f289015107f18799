import { describeRefusals } from "./attack.ts";
import { chatAttacks } from "./chat-attacks.ts";

describeRefusals("Attacks on conversations", chatAttacks);
