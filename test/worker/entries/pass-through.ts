interface Env {
  readonly ORIGIN_URL?: string;
}

/** The least that a Worker in front of a site can do. Tests compare the product with this Worker. */
export default {
  fetch(request: Request, env: Env): Promise<Response> {
    if (!env.ORIGIN_URL) return fetch(request);
    const target = new URL(request.url);
    const origin = new URL(env.ORIGIN_URL);
    target.protocol = origin.protocol;
    target.hostname = origin.hostname;
    target.port = origin.port;
    return fetch(new Request(target, request));
  },
};
