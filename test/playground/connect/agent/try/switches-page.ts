import { isSwitchName, type SwitchName } from "../../switches.ts";
import { get, post, type SwitchesAnswer } from "../agent-api-client.ts";
import { el } from "../element.ts";
import { renderChoice } from "./render-choice.ts";

/** The page of switches: what Amazon does not document, a person decides here. */
export async function startSwitchesPage(app: HTMLElement): Promise<void> {
  const answer = await get("switches");
  const names = Object.keys(answer.switches).filter(isSwitchName);
  app.replaceChildren(
    el(
      "main",
      { class: "switches", "data-role": "switches" },
      el("h1", {}, "How Connect behaves"),
      el(
        "p",
        {},
        "Amazon does not document these points: only a live instance can tell. Each switch decides one of them here. It takes effect from the next page load, start call or link on. A restart resets all switches.",
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
