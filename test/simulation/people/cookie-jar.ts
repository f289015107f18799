/** The cookies of one browser for one site. */
export interface CookieJar {
  /** The value of the `Cookie` header; empty without cookies. */
  render(now: number): string;
  /** Stores the cookies of an answer's `Set-Cookie` values. */
  take(setCookies: readonly string[], now: number): void;
  value(name: string, now: number): string | null;
  copy(): CookieJar;
}

interface Cookie {
  readonly value: string;
  /** In milliseconds. */
  readonly until: number;
}

export function createCookieJar(cookies = new Map<string, Cookie>()): CookieJar {
  const present = (now: number) => [...cookies].filter(([, { until }]) => until > now);
  return {
    render: (now) =>
      present(now)
        .map(([name, { value }]) => `${name}=${value}`)
        .join("; "),
    take(setCookies, now) {
      for (const text of setCookies) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
        const maxAgeSeconds = Number(/; Max-Age=(\d+)/.exec(text)?.[1]);
        cookies.set(name, { value, until: now + maxAgeSeconds * 1000 });
      }
    },
    value: (name, now) => new Map(present(now)).get(name)?.value ?? null,
    copy: () => createCookieJar(new Map(cookies)),
  };
}
