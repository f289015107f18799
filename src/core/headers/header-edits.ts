/** How one header has to change: its new value, or `null` to leave it out. */
export type HeaderEdit = readonly [name: string, value: string | null];

/**
 * Makes the changes, in their order.
 *
 * @param headers Changed in place; must not be those of a received message, which cannot be changed.
 */
export function applyHeaderEdits(headers: Headers, edits: readonly HeaderEdit[]): void {
  for (const [name, value] of edits) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
}
