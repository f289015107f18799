import { sendRequest } from "../../site/request.ts";

/**
 * Sends requests that are signed already.
 *
 * @param endpoint Address of a stand-in for AWS, which gets them with the `Host` that they are signed for; `null`: AWS.
 * @param waitForTurn The pace of all calls of AWS.
 */
export function createSignedFetch(
  endpoint: string | null,
  waitForTurn: () => Promise<void>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    await waitForTurn();
    if (endpoint === null) return fetch(request);
    const { host, pathname, search } = new URL(request.url);
    const answer = await sendRequest(new URL(pathname + search, endpoint), {
      method: request.method,
      headers: { ...Object.fromEntries(request.headers), host },
      ...(request.body !== null && { body: await request.text() }),
    });
    const hasBody = ![204, 304].includes(answer.status);
    return new Response(hasBody ? new Uint8Array(answer.body) : null, {
      status: answer.status,
      headers: answer.headers,
    });
  };
}
