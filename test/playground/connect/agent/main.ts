import { startSwitchesPage } from "./switches-page.ts";
import { startWorkspace } from "./workspace.ts";

const app = document.getElementById("app");
const [, , place = null] = location.pathname.split("/");

for (const link of document.querySelectorAll("nav a")) {
  const isSwitches = link.getAttribute("href") === "/agent/switches";
  link.toggleAttribute("aria-current", isSwitches === (place === "switches"));
}

if (app !== null && place === "switches") void startSwitchesPage(app);
else if (app !== null) startWorkspace(app, place);
