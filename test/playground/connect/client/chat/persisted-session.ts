const KEY = "persistedChatSession";

/** The opaque value by which a page of the same tab finds its live chat again. A page may deny storage altogether. */
export const persistedSession = {
  read(): string | null {
    try {
      return sessionStorage.getItem(KEY);
    } catch {
      return null;
    }
  },
  write(value: string): void {
    try {
      sessionStorage.setItem(KEY, value);
    } catch {
      // Without storage a reload loses the chat; this page's own goes on.
    }
  },
  remove(): void {
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // There was none, then.
    }
  },
};
