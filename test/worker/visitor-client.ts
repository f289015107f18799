export interface TokenAnswer {
  readonly token: string;
  readonly expiresIn: number;
  readonly ticket: string;
}

interface Report {
  readonly ticket: string;
  readonly contactId: string;
  readonly event?: string;
  readonly ageSeconds?: number;
  readonly alone?: boolean;
}

/** A browser as the chat routes see it: it keeps the cookie, and its calls come from the same origin. */
export interface VisitorClient {
  readonly origin: string;
  /** The Cookie header of the next call. Tests copy it or damage it. */
  cookie: string;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  token(body?: object): Promise<TokenAnswer>;
  /** @param report With `alone` where no other tab of the browser has a live chat. */
  report(report: Report): Promise<Response>;
}

export function createVisitorClient(origin: string): VisitorClient {
  const client: VisitorClient = {
    origin,
    cookie: "",
    async post(path, body, headers = {}) {
      const response = await fetch(origin + path, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "sec-fetch-site": "same-origin",
          ...(client.cookie !== "" && { cookie: client.cookie }),
          ...headers,
        },
        body: typeof body === "string" || body instanceof Blob ? body : JSON.stringify(body),
      });
      const set = response.headers.getSetCookie()[0];
      if (set !== undefined) client.cookie = set.slice(0, set.indexOf(";"));
      return response;
    },
    async token(body = {}) {
      const response = await client.post("/_chat/token", body);
      if (response.status !== 200) throw new Error(`token route answered ${response.status}: ${await response.text()}`);
      const answer: TokenAnswer = await response.json();
      return answer;
    },
    report: ({ alone = false, ...report }) =>
      client.post(`/_chat/contacts${alone ? "?alone=1" : ""}`, { event: "started", ageSeconds: 0, ...report }),
  };
  return client;
}

interface Claims {
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
  readonly attributes: Record<string, string>;
  readonly [claim: string]: unknown;
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}
