import { fetchSwitches, post, type SwitchesAnswer } from "./agent-api-client.ts";
import { isSwitchName, type SwitchName } from "../switches.ts";
import { el } from "./element.ts";

/** Where a person decides what nothing public settles about Amazon Connect. */
export async function startSwitchesPage(app: HTMLElement): Promise<void> {
  const answer = await fetchSwitches();
  const names = Object.keys(answer.switches).filter(isSwitchName);
  app.replaceChildren(
    el(
      "main",
      { class: "switches", "data-role": "switches" },
      el("h1", {}, "What only a live Connect instance can tell"),
      el(
        "p",
        {},
        "Each switch is one unknown. A flip counts from the next page load, start call or link on; a restart puts all of them back.",
      ),
      ...names.map((name) => renderSwitch(name, answer)),
    ),
  );
}

function renderSwitch(name: SwitchName, answer: SwitchesAnswer): HTMLElement {
  const positions = answer.positions[name].map((position) => {
    const input = el("input", { type: "radio", name, value: position, checked: answer.switches[name] === position });
    input.addEventListener("change", () => void post("/agent/api/switches", { [name]: position }));
    return el("label", {}, input, position);
  });
  return el(
    "fieldset",
    { "data-switch": name },
    el("legend", {}, answer.questions[name], el("code", {}, name)),
    el("div", { class: "positions" }, ...positions),
  );
}
