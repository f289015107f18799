import { describeGuards } from "../attack.ts";
import { proxyAttacks } from "./attacks.ts";

describeGuards("Attacks through the proxy and its pages", proxyAttacks);
