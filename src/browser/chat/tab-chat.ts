import * as persistedChat from "./persisted-chat.ts";
import { readAgreementMark } from "../page/consent.ts";
import { parseStored, tabStorage } from "../page/storage.ts";

/** What a tab keeps from before a refusal stays under its own name: nobody who agrees later finds it. */
const toKey = () => `persistent-chat:session${readAgreementMark()}`;

/** A chat, named by the first contact id that Connect gave it. */
export interface StartedChat {
  readonly contactId: string;
  readonly ticket: string;
  /** When this browser first saw the chat, in milliseconds of its clock. */
  readonly since: number;
}

interface TabState {
  readonly session?: StartedChat | undefined;
  readonly pending?: PendingToken | undefined;
}

/** The newest token, until a contact id follows it. */
interface PendingToken {
  readonly ticket: string;
  /** The live chat that the widget knew when it asked for the token. */
  readonly live: string | null;
}

// Follows which chat this tab has, from page to page. Transfers and surveys give the same chat more contact ids; a later chat
// can continue only from the first.

/** @returns `undefined` when this tab has no chat that we know, or one from before a refusal, which nobody else may have. */
export function read(): StartedChat | undefined {
  return readState().session;
}

/** @param session The chat of another tab, which goes on in this one. */
export function takenOver(session: StartedChat): void {
  // A token of this tab's own started no chat: a contact id to come is of the chat that was taken over.
  write({ session });
}

/** The chat that was taken over turned out to be over. */
export function dropped(): void {
  write({ pending: readState().pending });
}

/** @param ticket `null` when there is no token, or nothing may be kept. */
export function tokenIssued(ticket: string | null, live: string | null): void {
  write({
    // Without a live chat to resume, the token is for a new chat, even if this tab never saw the last chat end.
    session: live ? readState().session : undefined,
    pending: ticket ? { ticket, live } : undefined,
  });
}

/** @returns The chat that began with this contact; `null` where none did. */
export function contactSeen(contactId: string): StartedChat | null {
  const { session, pending } = readState();
  if (!pending || session?.contactId === contactId) return null;
  const isResumed = pending.live && pending.live === persistedChat.read();
  if (isResumed) return null;
  const started = { contactId, ticket: pending.ticket, since: Date.now() };
  write({ session: started });
  return started;
}

export function chatEnded(): void {
  write({});
}

function readState(): TabState {
  return parseStored(tabStorage.get(toKey()));
}

/** A part that is `undefined` is not written. */
function write(state: TabState): void {
  tabStorage.set(toKey(), JSON.stringify(state));
}
