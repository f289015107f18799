const KEY = "persistedChatSession";

/** The opaque value with which a later page in the same tab resumes the live chat. A browser may deny storage. */
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
      // Without storage, the chat goes on in this page and is lost on a reload.
    }
  },
  remove(): void {
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // Then nothing was stored.
    }
  },
};
