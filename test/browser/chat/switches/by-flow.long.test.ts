import { testEveryPosition } from "./journey.ts";

testEveryPosition({ linkBy: "flow", options: {} });
