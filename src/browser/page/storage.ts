import { isConsentGiven } from "./consent.ts";

/** All our keys begin with this. */
const OWN_PREFIX = "persistent-chat:";

/** Storage that never throws. */
export interface SafeStorage {
  readonly get: (key: string) => string | null;
  readonly set: (key: string, value: string) => void;
  readonly remove: (key: string) => void;
  readonly keys: () => string[];
}

/** Lasts as long as the tab. */
export const tabStorage = createStorage(() => sessionStorage);

/** Kept after the browser is closed, and shared by all tabs; without consent, only as long as the tab. */
export const browserStorage = createStorage(() => (isConsentGiven() ? localStorage : sessionStorage));

/** Kept after the browser is closed, also without consent: only for the wish to be forgotten. */
export const lastingStorage = createStorage(() => localStorage);

/** Removes our keys, or those of them that begin with a name. */
export function clearOwn(storage: SafeStorage, except: readonly string[], name = ""): void {
  for (const key of storage.keys()) if (key.startsWith(OWN_PREFIX + name) && !except.includes(key)) storage.remove(key);
}

/** Where the browser keeps nothing, because it is full or the visitor forbids it, values last as long as the page. */
function createStorage(open: () => Storage): SafeStorage {
  const unkept = new Map<string, string>();
  const attempt = <T>(use: (storage: Storage) => T): T | undefined => {
    try {
      return use(open());
    } catch {
      return undefined;
    }
  };
  return {
    get: (key) => unkept.get(key) ?? attempt((storage) => storage.getItem(key)) ?? null,
    set(key, value) {
      unkept.set(key, value);
      attempt((storage) => {
        storage.setItem(key, value);
        unkept.delete(key);
      });
    },
    remove(key) {
      unkept.delete(key);
      attempt((storage) => storage.removeItem(key));
    },
    keys: () => [...unkept.keys(), ...(attempt(Object.keys) ?? [])],
  };
}

/** Parses stored JSON without trust in its fields; without any field when it is no object. */
export function parseStored<T extends object>(text: string | null): Partial<T> {
  try {
    return Object(JSON.parse(`${text}`));
  } catch {
    return {};
  }
}
