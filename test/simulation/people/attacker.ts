import { type Browser, personAt } from "./browser.ts";
import { type Session } from "../world/messages.ts";
import { type Random } from "../world/random.ts";
import { postReport, readAskAgain } from "./report-queue.ts";
import { requestToken } from "./token-source.ts";
import { type World } from "../world/world.ts";

/** A thief who knows other people's contact ids reports one of them as their own. */
export async function stealContact(world: World, thief: Browser, random: Random): Promise<void> {
  const others = [...world.truth.contacts.values()].filter(({ person }) => person !== personAt(thief));
  const newest = others.at(-1);
  if (newest === undefined) return;
  const { contactId } = random.chance(0.6) ? newest : random.pick([newest, ...others]);
  const session = await chooseTicket(world, thief, random);
  if (session === null) return;
  thief.past.push(session);
  const report = { ...session, contactId, ...drawEvent(random) };
  for (let tries = 0; tries < 3; tries += 1) {
    const answer = await postReport(world, thief, report, random);
    const askAgainSeconds = answer === null ? null : readAskAgain(answer);
    if (askAgainSeconds === null) break;
    await world.clock.sleep(1000 * askAgainSeconds);
  }
  await requestToken(world, thief, random);
}

/** A new ticket, or one that was used before. */
async function chooseTicket(world: World, thief: Browser, random: Random): Promise<Session | null> {
  const [first, ...others] = thief.past;
  if (first !== undefined && random.chance(0.3)) return random.pick([first, ...others]);
  return requestToken(world, thief, random, random.chance(0.5));
}

/** Sends again a report of this browser, or of the browser that it was copied from. */
export async function replayReport(world: World, browser: Browser, random: Random): Promise<void> {
  const [first, ...others] = browser.past;
  if (first === undefined) return;
  const report = { ...random.pick([first, ...others]), ...drawEvent(random) };
  await browser.oneAtATime(() => postReport(world, browser, report, random));
}

function drawEvent(random: Random) {
  return { event: random.pick(["started", "ended"] as const), ageMs: random.pick([0, 5_000, 90_000]) };
}
