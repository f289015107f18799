import { type Random } from "./random.ts";

/** How long after a write every location shows it, in milliseconds. */
export const CAUGHT_UP_MS = 120_000;

interface Version {
  readonly value: string;
  readonly writtenAt: number;
  readonly expiresAt: number;
  /** When each location sees the version, unless the location has a cached copy, in milliseconds. */
  readonly visibleAt: readonly number[];
}

interface CachedCopy {
  readonly version: Version | null;
  readonly until: number;
}

/** A KV namespace as several locations see it: eventually consistent, and the last write wins. */
export interface Kv {
  read(location: number, key: string, now: number): string | null;
  write(location: number, key: string, entry: { value: string; ttlSeconds: number }, now: number): void;
  /** The last write, which every location will show in the end. */
  newest(key: string, now: number): string | null;
  /** When the key was last written, in milliseconds. */
  writtenAt(key: string): number;
}

/**
 * Source: Cloudflare KV documentation, "How KV works": a write shows at once in its own location, elsewhere after 60 s or
 * more. A location may show what it has read for as long, also a missing key.
 */
export function createKv(locations: number, random: Random): Kv {
  const versions = new Map<string, Version[]>();
  const copies = new Map<string, CachedCopy>();

  const history = (key: string) => versions.get(key) ?? [];
  const valueOf = (version: Version | null | undefined, now: number) =>
    version === null || version === undefined || version.expiresAt <= now ? null : version.value;

  const fetchCopy = (location: number, key: string, now: number): CachedCopy => {
    const all = history(key);
    const isVisible = ({ visibleAt }: Version) => (visibleAt[location] ?? 0) <= now;
    const version = all.findLast(isVisible) ?? null;
    const hidden = all[version === null ? 0 : all.indexOf(version) + 1];
    const until = now + random.between(CAUGHT_UP_MS / 2, CAUGHT_UP_MS);
    return { version, until: hidden === undefined ? until : Math.min(until, hidden.writtenAt + CAUGHT_UP_MS) };
  };

  return {
    read(location, key, now) {
      const name = `${location} ${key}`;
      let copy = copies.get(name);
      if (copy === undefined || copy.until <= now) {
        copy = fetchCopy(location, key, now);
        copies.set(name, copy);
      }
      return valueOf(copy.version, now);
    },
    write(location, key, { value, ttlSeconds }, now) {
      const visibleAt = Array.from({ length: locations }, (_none, other) =>
        other === location || random.chance(0.3) ? now : now + random.between(0, CAUGHT_UP_MS / 2),
      );
      const version = { value, writtenAt: now, expiresAt: now + ttlSeconds * 1000, visibleAt };
      versions.set(key, [...history(key), version]);
      copies.set(`${location} ${key}`, { version, until: now + random.between(CAUGHT_UP_MS / 2, CAUGHT_UP_MS) });
    },
    newest: (key, now) => valueOf(history(key).at(-1), now),
    writtenAt: (key) => history(key).at(-1)?.writtenAt ?? -Infinity,
  };
}
