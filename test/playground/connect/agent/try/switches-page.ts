import { isSwitchName, type SwitchName } from "../../switches.ts";
import { fetchSwitches, post, type SwitchesAnswer } from "../agent-api-client.ts";
import { el } from "../element.ts";
import { renderChoice } from "./render-choice.ts";

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

export function renderSwitch(name: SwitchName, { positions, questions, switches }: SwitchesAnswer): HTMLElement {
  return renderChoice({
    name,
    question: questions[name],
    positions: positions[name],
    current: switches[name],
    choose(position) {
      void post("/agent/api/switches", { [name]: position });
      checkAll(name, position);
    },
  });
}

/** A page may show one switch several times. */
function checkAll(name: string, position: string): void {
  for (const input of document.querySelectorAll<HTMLInputElement>(`[name="${name}"][value="${position}"]`)) {
    input.checked = true;
  }
}
