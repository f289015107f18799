let last: Promise<unknown> = Promise.resolve();

/**
 * Runs calls that set the cookie one after the other, over all tabs of this browser: of two answers at once the later
 * would undo what the earlier put into the cookie.
 *
 * @param call Never rejects.
 *
 * Browsers without Web Locks (Safari before 15.4, Firefox before 96) keep to the order within this tab.
 */
export function exclusive<T>(call: () => Promise<T>): Promise<T> {
  // The property is missing there, whatever the types say.
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
