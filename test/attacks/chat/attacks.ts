import { type Attack } from "../attack.ts";
import { carryOverAttacks } from "./carry-over.ts";
import { cookieAttacks } from "./cookies.ts";
import { linkAttacks } from "./links.ts";
import { pageAttacks } from "./page.ts";
import { recordAttacks } from "./records.ts";
import { reportAttacks } from "./reports.ts";
import { sharedBrowserAttacks } from "./shared-browser.ts";

/** Attacks on other people's conversations. The order is that of the threat model's table. */
export const chatAttacks: readonly Attack[] = [
  ...reportAttacks,
  ...cookieAttacks,
  ...sharedBrowserAttacks,
  ...carryOverAttacks,
  ...recordAttacks,
  ...linkAttacks,
  ...pageAttacks,
];
