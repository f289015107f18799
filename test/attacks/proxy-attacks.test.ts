import { describeRefusals } from "./attack.ts";
import { proxyAttacks } from "./proxy-attacks.ts";

describeRefusals("Attacks through the proxy and its pages", proxyAttacks);
