import { get, post, type SwitchesAnswer, type TryAnswer } from "../agent-api-client.ts";
import { el } from "../element.ts";
import { renderChoice } from "./render-choice.ts";
import { formatDateTime } from "../desk/render-contacts.ts";
import { listSituations, type Situation, type Tools } from "./situations.ts";
import { renderSwitch } from "./switches-page.ts";

/** The page of situations to try by hand, with the faults for them. */
export async function startTryPage(app: HTMLElement): Promise<void> {
  const [answer, switches] = await Promise.all([get("try"), get("switches")]);
  const today = el("span", { "data-role": "clock" });
  const spoilt = el("strong", { "data-role": "spoilt" });
  const problem = el("p", { class: "problem", "data-role": "problem", role: "alert" });
  const showState = ({ isNextLinkSpoilt, now }: TryAnswer) => {
    today.textContent = formatDateTime(now);
    spoilt.textContent = isNextLinkSpoilt ? " The next link will fail." : "";
  };
  const act = async (path: string, body: object): Promise<void> => {
    try {
      await post(path, body);
      problem.textContent = "";
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : "It failed.";
    }
    showState(await get("try"));
  };
  showState(answer);

  const situations = listSituations(createTools(answer, act));
  app.replaceChildren(
    el(
      "main",
      { class: "switches try", "data-role": "try" },
      el("h1", {}, "Situations to try by hand"),
      el(
        "p",
        {},
        "You are the visitor in the shop and the agent at the desk. All clocks here show ",
        today,
        ". A restart resets the clock and the faults.",
        spoilt,
      ),
      problem,
      renderChoice({
        name: "service",
        question: "What does Amazon's API do when the Worker calls it?",
        positions: answer.services,
        current: answer.service,
        choose: (health) => void act("/agent/api/service", { health }),
      }),
      renderActions(answer, act),
      el("div", { class: "situations" }, ...situations.map((situation) => renderSituation(situation, switches))),
    ),
  );
}

/** The same question for each action alone: a policy may deny one of them. */
function renderActions({ actions, services }: TryAnswer, act: (path: string, body: object) => unknown): HTMLElement {
  const asTheOthers = "as above";
  const choices = actions.map(({ action, health }) =>
    renderChoice({
      name: action,
      question: "What does this action do?",
      positions: [asTheOthers, ...services],
      current: health ?? asTheOthers,
      choose: (position) => act("/agent/api/service", { action, health: position === asTheOthers ? null : position }),
    }),
  );
  return el("details", { "data-role": "actions" }, el("summary", {}, "One action alone"), ...choices);
}

function createTools(
  { shops, transcriptDelaySeconds }: TryAnswer,
  act: (path: string, body: object) => unknown,
): Tools {
  const linkTo = (origin: string | undefined, path: string, words: string) =>
    origin === undefined ? words : el("a", { href: origin + path, target: "_blank", rel: "noopener" }, words);
  const button = (words: string, role: string, path: string, body: object) => {
    const element = el("button", { type: "button", "data-role": role }, words);
    element.addEventListener("click", () => void act(path, body));
    return element;
  };
  const shop = shops.find(({ hasCustomers }) => !hasCustomers)?.origin;
  const customerShop = shops.find(({ hasCustomers }) => hasCustomers)?.origin;
  return {
    shop: (path, words) => linkTo(shop ?? customerShop, path, words),
    customerShop: (path, words) => linkTo(customerShop, path, words),
    desk: (words) => linkTo(location.origin, "/agent", words),
    spoil: (words) => button(words, "spoil", "/agent/api/spoil", {}),
    moveClock: (days, words) => button(words, days > 0 ? "clock-on" : "clock-back", "/agent/api/clock", { days }),
    transcriptDelay: `${transcriptDelaySeconds}\u00A0s`,
  };
}

function renderSituation({ name, steps, switches, title }: Situation, answer: SwitchesAnswer): HTMLElement {
  return el(
    "article",
    { class: "situation", "data-situation": name },
    el("h2", {}, title),
    el("ol", {}, ...steps.map((step) => el("li", {}, ...step))),
    switches.length === 0
      ? null
      : el(
          "details",
          {},
          el(
            "summary",
            {},
            switches.length === 1 ? "1 switch changes this" : `${switches.length} switches change this`,
          ),
          // One form each: radio buttons of the same name in one form exclude each other.
          el("form", {}, ...switches.map((one) => renderSwitch(one, answer))),
        ),
  );
}
