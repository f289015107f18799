import { startFaultsPage } from "./try/faults-page.ts";
import { startSwitchesPage } from "./try/switches-page.ts";
import { startTryPage } from "./try/try-page.ts";
import { startWorkspace } from "./desk/workspace.ts";

const app = document.getElementById("app");
const [, , place = null] = location.pathname.split("/");
const pages = { faults: startFaultsPage, switches: startSwitchesPage, try: startTryPage };
const page = place === "faults" || place === "switches" || place === "try" ? place : null;

for (const link of document.querySelectorAll("nav a")) {
  link.toggleAttribute("aria-current", link.getAttribute("href") === (page === null ? "/agent" : `/agent/${page}`));
}

if (app !== null && page !== null) void pages[page](app);
else if (app !== null) startWorkspace(app, place);
