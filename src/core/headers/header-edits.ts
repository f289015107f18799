/** The change of one header: its new value, or `null` to remove it. */
export type HeaderEdit = readonly [name: string, value: string | null];

/**
 * Applies the changes in order.
 *
 * @param headers Changed in place. Headers of a received message cannot be changed: pass a copy.
 */
export function applyHeaderEdits(headers: Headers, edits: readonly HeaderEdit[]): void {
  for (const [name, value] of edits) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
}
