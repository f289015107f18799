import { buildRequest, type RawResponse, sendRaw } from "../worker/raw-request.ts";

/** A cache that all visitors share, in front of a Worker. */
export interface SharedCache {
  get(path: string): Promise<RawResponse>;
}

// Source: RFC 9110 §15.1: the statuses that a cache may keep without being told to.
const KEPT_UNASKED = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501]);

/** It keeps whatever RFC 9111 lets it keep, under the address as a URL parser writes it. */
export function createSharedCache(workerOrigin: string): SharedCache {
  const kept = new Map<string, RawResponse>();
  return {
    async get(path) {
      const { pathname } = new URL(path, workerOrigin);
      const known = kept.get(pathname);
      if (known !== undefined) return known;
      const answer = await sendRaw(workerOrigin, buildRequest({ path, host: "www.example.com" }));
      if (mayKeep(answer)) kept.set(pathname, answer);
      return answer;
    },
  };
}

/** Source: RFC 9111 §3. */
function mayKeep({ status, head }: RawResponse): boolean {
  const directives = head.find((line) => line.startsWith("cache-control:")) ?? "";
  if (/\b(?:no-store|private)\b/i.test(directives)) return false;
  return KEPT_UNASKED.has(status) || /\b(?:public|max-age)\b/i.test(directives);
}
