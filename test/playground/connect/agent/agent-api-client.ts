import type { FaultName, PlantedFaults } from "../../faults/planted-faults.ts";
import type { ContactView } from "../contacts/contact.ts";
import type { Shop } from "../api/agent-api.ts";
import type { ServiceAction } from "../service/operations.ts";
import type { ServiceHealth } from "../service/service-health.ts";
import type { Switches } from "../switches.ts";

export interface SwitchesAnswer {
  switches: Switches;
  positions: Record<keyof Switches, string[]>;
  questions: Record<keyof Switches, string>;
}

export interface FaultsAnswer {
  faults: PlantedFaults;
  positions: Record<FaultName, string[]>;
  questions: Record<FaultName, string>;
}

export interface TryAnswer {
  shops: Shop[];
  service: ServiceHealth;
  services: ServiceHealth[];
  /** `null`: the action is as the others. */
  actions: { action: ServiceAction; health: ServiceHealth | null }[];
  isNextLinkSpoilt: boolean;
  transcriptDelaySeconds: number;
  /** Seconds. */
  now: number;
}

interface Answers {
  contacts: { contacts: ContactView[] };
  faults: FaultsAnswer;
  switches: SwitchesAnswer;
  try: TryAnswer;
}

export async function get<Path extends keyof Answers>(path: Path): Promise<Answers[Path]> {
  const response = await fetch(`/agent/api/${path}`);
  return response.json();
}

/** @throws {Error} With the server's message when the server refuses. */
export async function post(path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer: Record<string, unknown> = await response.json();
  if (!response.ok) throw new Error(String(answer["message"]));
  return answer;
}
