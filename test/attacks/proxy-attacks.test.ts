import { describeAttacks } from "./attack.ts";
import { proxyAttacks } from "./proxy-attacks.ts";

describeAttacks("Attacks through the proxy and its pages", proxyAttacks);
