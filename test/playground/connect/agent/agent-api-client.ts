import type { ContactView } from "../contacts/contact.ts";
import type { Shop } from "../api/agent-api.ts";
import type { ServiceHealth } from "../api/service-api.ts";
import type { Switches } from "../switches.ts";

export interface SwitchesAnswer {
  switches: Switches;
  positions: Record<keyof Switches, string[]>;
  questions: Record<keyof Switches, string>;
}

export interface TryAnswer {
  shops: Shop[];
  service: ServiceHealth;
  services: ServiceHealth[];
  isNextLinkSpoilt: boolean;
  transcriptDelaySeconds: number;
  /** Seconds. */
  now: number;
}

export async function fetchContacts(): Promise<ContactView[]> {
  const response = await fetch("/agent/api/contacts");
  const answer: { contacts: ContactView[] } = await response.json();
  return answer.contacts;
}

export async function fetchSwitches(): Promise<SwitchesAnswer> {
  const response = await fetch("/agent/api/switches");
  const answer: SwitchesAnswer = await response.json();
  return answer;
}

export async function fetchTry(): Promise<TryAnswer> {
  const response = await fetch("/agent/api/try");
  const answer: TryAnswer = await response.json();
  return answer;
}

/** @throws {Error} With the server's own words when it could not be done. */
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
