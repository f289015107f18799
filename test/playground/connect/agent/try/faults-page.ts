import { isFaultName } from "../../../faults/planted-faults.ts";
import { get, post } from "../agent-api-client.ts";
import { el } from "../element.ts";
import { renderChoice } from "./render-choice.ts";

/** The page of faults to plant: what a person breaks here, the owner's report must name. */
export async function startFaultsPage(app: HTMLElement): Promise<void> {
  const { faults, positions, questions } = await get("faults");
  const names = Object.keys(faults).filter(isFaultName);
  app.replaceChildren(
    el(
      "main",
      { class: "switches", "data-role": "faults" },
      el("h1", {}, "Faults to plant"),
      el(
        "p",
        {},
        "Plant a fault, open some pages of the shop in new tabs, open the chat there where you can, and close the tabs: a page tells what it saw when it is left. Then run ",
        el("code", {}, "npm run report -- --playground"),
        ", or with ",
        el("code", {}, "--html"),
        " for the page with pictures: both must name the fault and your browser. A restart takes all faults away.",
      ),
      ...names.map((name) =>
        renderChoice({
          name,
          question: questions[name],
          positions: positions[name],
          current: faults[name],
          choose: (position) => void post("/agent/api/faults", { [name]: position }),
        }),
      ),
    ),
  );
}
