import { testEveryPosition } from "./journey.ts";

testEveryPosition({ linkBy: "worker", options: { aws: true, vars: { LINK_BY: "worker" } } });
