import { describeRefusals } from "../attack.ts";
import { proxyAttacks } from "./attacks.ts";

describeRefusals("Attacks through the proxy and its pages", proxyAttacks);
