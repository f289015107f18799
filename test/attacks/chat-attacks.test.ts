import { describeAttacks } from "./attack.ts";
import { chatAttacks } from "./chat-attacks.ts";

describeAttacks("Attacks on conversations", chatAttacks);
