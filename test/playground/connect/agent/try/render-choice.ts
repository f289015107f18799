import { el } from "../element.ts";

export interface Choice {
  name: string;
  question: string;
  positions: readonly string[];
  current: string;
  choose: (position: string) => void;
}

/** One question with its possible answers, of which one is chosen. */
export function renderChoice({ name, question, positions, current, choose }: Choice): HTMLElement {
  const labels = positions.map((position) => {
    const input = el("input", { type: "radio", name, value: position, checked: position === current });
    input.addEventListener("change", () => choose(position));
    return el("label", {}, input, position);
  });
  return el(
    "fieldset",
    { "data-switch": name },
    el("legend", {}, question, el("code", {}, name)),
    el("div", { class: "positions" }, ...labels),
  );
}
