type StorageLike = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const opened: Partial<Record<"localStorage" | "sessionStorage", StorageLike>> = {};

/** The named storage or, where the visitor's settings forbid it, one that lasts as long as the page. */
export function openStorage(name: "localStorage" | "sessionStorage"): StorageLike {
  return (opened[name] ??= usable(name) ?? createMemoryStorage());
}

function usable(name: "localStorage" | "sessionStorage"): StorageLike | undefined {
  try {
    const storage = window[name];
    storage.setItem("persistent-chat:test", "");
    storage.removeItem("persistent-chat:test");
    return storage;
  } catch {
    return undefined;
  }
}

function createMemoryStorage(): StorageLike {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    key: (index) => [...items.keys()][index] ?? null,
    get length() {
      return items.size;
    },
  };
}
