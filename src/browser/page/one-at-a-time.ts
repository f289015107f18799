let last: Promise<unknown> = Promise.resolve();

/**
 * Runs calls that set the cookie one after the other, over all tabs of this browser: of two calls at once, the later
 * answer would undo the cookie of the earlier answer.
 *
 * @param call Never rejects.
 *
 * Browsers without Web Locks (Safari before 15.4, Firefox before 96) keep the order only within this tab.
 */
export function oneAtATime<T>(call: () => Promise<T>): Promise<T> {
  // The types do not say that the property may be missing.
  const locks: LockManager | undefined = navigator.locks;
  if (locks === undefined) return inTurn(call);
  // Refused where the visitor forbids storage.
  return locks.request("persistent-chat", call).catch(() => inTurn(call));
}

function inTurn<T>(call: () => Promise<T>): Promise<T> {
  const result = last.then(call);
  last = result.catch(() => undefined);
  return result;
}
