/**
 * A short hash of a text, for version marks and not for secrets.
 *
 * Source: FNV-1a, 32 bits (Fowler, Noll, Vo).
 */
export function toFingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
