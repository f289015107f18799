/** Faults that a person or a test plants, each with its sound position first. They are no ways in which Connect may behave. */
export const faultPositions = {
  clientScript: ["loads", "404"],
  startCall: ["works", "400", "401", "404"],
  shopPolicy: ["none", "blocks the client"],
} as const;

export type FaultName = keyof typeof faultPositions;
export type PlantedFaults = { -readonly [K in FaultName]: (typeof faultPositions)[K][number] };

export const noFaults: Readonly<PlantedFaults> = { clientScript: "loads", startCall: "works", shopPolicy: "none" };

/** What each fault is, for the person who plants it. */
export const faultQuestions: Readonly<Record<FaultName, string>> = {
  clientScript: "What does Amazon answer for the script of its client?",
  startCall:
    "What does Amazon answer to a start call, whatever its token? (400: as for a domain that is not allowed. 401: as for another security key. 404: as for a widget that was deleted.)",
  shopPolicy: "Do the shop's pages have a policy that the Worker cannot see, since the page's script adds it later?",
};

/**
 * A script of the shop's own, which adds a policy to the page. The Worker sees no policy: so it adds no source of the chat.
 * Inline styles and scripts stay allowed, as on most sites.
 */
export const POLICY_SCRIPT = `<script>
document.head.insertAdjacentHTML("beforeend", "<meta http-equiv=Content-Security-Policy content=\\"script-src 'self' 'unsafe-inline'\\">");
</script>`;

/**
 * Plants a fault, or takes one away.
 *
 * @throws {Error} When there is no such fault or position.
 */
export function plantFault(faults: PlantedFaults, name: string, position: unknown): void {
  if (!isFaultName(name)) throw new Error(`Cannot plant fault "${name}": there is none of that name`);
  const positions: readonly string[] = faultPositions[name];
  if (typeof position !== "string" || !positions.includes(position)) {
    throw new Error(
      `Cannot plant fault "${name}": wanted ${positions.join(" or ")}, found ${JSON.stringify(position)}`,
    );
  }
  Object.assign(faults, { [name]: position });
}

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faultPositions, name);
}
