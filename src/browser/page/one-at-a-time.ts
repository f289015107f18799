let last: Promise<unknown> = Promise.resolve();

/**
 * Runs calls that set the cookie one after the other, over all tabs of this browser: of two calls at once, the later
 * answer would undo the cookie of the earlier answer.
 *
 * @param call Never rejects.
 *
 * Browsers without Web Locks (Safari before 15.4, Firefox before 96) keep the order only within this tab.
 */
export async function oneAtATime<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await navigator.locks.request("persistent-chat", call);
  } catch {
    // There are no locks, or the visitor forbids storage.
    const result = last.then(call);
    last = result;
    return result;
  }
}
