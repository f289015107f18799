import { OWN_COOKIE_PREFIX, SIGN_OUT_COOKIE } from "../../../src/core/headers/cookies.ts";
import { type Browser } from "../people/browser.ts";
import { currentCall } from "./current-call.ts";
import { judgeLinkAnswer } from "../judge-links.ts";
import { judgeReport, judgeToken } from "../judge.ts";
import { claimsOf } from "../../worker/visitor-client.ts";
import { type Answer, type ReceivedCall, type RouteCall, type Sender } from "./messages.ts";
import { type Random } from "./random.ts";
import { VISITOR_ATTRIBUTE, type World } from "./world.ts";

const ORIGIN = "https://shop.example";

/** Whether the same call again would get the same answer. */
export function isFinal({ status }: Answer): boolean {
  return status < 300 || (status >= 400 && status < 500 && status !== 429);
}

type Fault = "none" | "request lost" | "answer lost" | "answered too late" | "page closed";

/**
 * Makes a call of a browser.
 *
 * @returns `null` when the page gets no answer; the Worker may have got the call.
 */
export function send(
  world: World,
  browser: Browser,
  sender: Sender,
  call: RouteCall,
  random: Random,
): Promise<Answer | null> {
  const { clock, without } = world;
  const fault = drawFault(world, random);
  const { location = browser.location } = call;
  const cookies = browser.jar.render(clock.now());
  const cookie = without === "sign-out" ? withoutCookie(cookies, SIGN_OUT_COOKIE) : cookies;

  return clock.suspend((wake) => {
    let isAborted = false;
    const abort = () => {
      isAborted = true;
      wake(null);
    };
    // A forgetting goes on after its page is closed.
    const closePage = call.method === "DELETE" ? () => wake(null) : abort;
    if (fault !== "page closed") clock.after(call.timeoutMs, abort);
    else clock.after(random.between(1, 100), closePage);
    if (fault === "request lost") return;
    clock.spawn(async () => {
      await clock.sleep(fault === "answered too late" ? call.timeoutMs + random.between(0, 10_000) : travelMs(random));
      const answer = await answerCall(world, { sender, call, location, cookie }, random);
      await clock.sleep(travelMs(random));
      if (isAborted || fault === "answer lost") return;
      browser.jar.take(answer.setCookies, clock.now());
      call.heard?.(answer);
      wake(answer);
    });
  });
}

function drawFault({ mayFail }: World, random: Random): Fault {
  if (!mayFail || !random.chance(0.15)) return "none";
  return random.pick(["request lost", "answer lost", "answered too late", "page closed"]);
}

function travelMs(random: Random): number {
  return random.chance(0.1) ? random.between(300, 3000) : random.between(5, 150);
}

function withoutCookie(cookies: string, name: string): string {
  return cookies
    .split("; ")
    .filter((cookie) => !cookie.startsWith(`${name}=`))
    .join("; ");
}

interface Received {
  readonly sender: Sender;
  readonly call: RouteCall;
  readonly location: number;
  readonly cookie: string;
}

async function answerCall(world: World, { sender, call, location, cookie }: Received, random: Random): Promise<Answer> {
  const { method, path, body } = call;
  const { namespace, traffic } = world.openKv({ person: sender.person, location, random });
  const worker = await world.workerAt(location);
  const request = new Request(ORIGIN + path + (call.query ?? ""), {
    method,
    headers: {
      "sec-fetch-site": "same-origin",
      ...(cookie !== "" && { cookie }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const cookieKey = readCookieKey(world, cookie.split("; "));
  const received = { sender, path, body: body ?? {}, cookieKey, location, traffic };
  const response = await currentCall.run(received, () => worker.fetch(request, namespace));
  const answer = {
    status: response.status,
    text: await response.text(),
    setCookies: response.headers.getSetCookie(),
  };
  world.figures.calls += 1;
  noteCookie(world, received, answer);
  if (method === "POST" && path.endsWith("/token")) judgeToken(world, received, answer);
  if (method === "POST" && path.endsWith("/contacts")) {
    judgeReport(world, received, answer);
    judgeLinkAnswer(world, received, answer);
  }
  if (method === "DELETE") world.figures.forgettings += 1;
  return answer;
}

function readCookieKey({ cookieKeys }: World, cookies: readonly string[]): string | null {
  const [sealed = ""] = cookies.flatMap(readSealed);
  return cookieKeys.get(sealed) ?? null;
}

/** The answer to a report renews the visitor's own cookie; a token may be another visitor's. */
function noteCookie(world: World, { body, cookieKey, path, sender }: ReceivedCall, answer: Answer): void {
  const { cookieKeys, customers, setup } = world;
  if (!setup.carriesOver) return;
  const isToken = path.endsWith("/token") && answer.status === 200;
  const visitorKey = isToken ? readVisitorKey(answer.text) : cookieKey;
  if (isToken && body.token !== undefined && visitorKey !== null) customers.set(visitorKey, sender.person);
  for (const sealed of answer.setCookies.flatMap(readSealed))
    if (visitorKey !== null) cookieKeys.set(sealed, visitorKey);
}

/** The sealed text of a cookie, if it is the visitor's. */
function readSealed(cookie: string): string[] {
  const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
  return name.startsWith(OWN_COOKIE_PREFIX) && name !== SIGN_OUT_COOKIE && value !== "" ? [value] : [];
}

function readVisitorKey(text: string): string | null {
  const { token }: { readonly token: string } = JSON.parse(text);
  return claimsOf(token).attributes[VISITOR_ATTRIBUTE] ?? null;
}
