import { type Arrival, type Facts, type ThirdChat } from "./facts.ts";
import {
  confirmed,
  isDenial,
  type Judgement,
  judgeRefusal,
  judgeSeen,
  noted,
  unexpected,
  unseen,
} from "./judgement.ts";

/** A question about Connect, with the rehearsal's answer. */
export interface Point extends Judgement {
  readonly title: string;
}

const NOT_REACHED = unseen("The rehearsal did not get that far.");

/** Judges every question that the rehearsal can answer, the important ones first. */
export function judgePoints(facts: Facts): readonly Point[] {
  const { end, file, first, linkBy, second, third } = facts;
  return [
    { title: "A forged attribute loses against the signed one", ...judgeForged(facts) },
    { title: "Signed attributes arrive without a prefix", ...judgeArrivals(first, facts.names.visitor) },
    { title: "The next chat is linked", ...judgeRelated(second, end) },
    ...(linkBy === "worker" ? [{ title: "Connect takes the Worker's link", ...judgeWorkerLink(second) }] : []),
    { title: "A chat's contacts are listed together", ...judgeSession(end) },
    { title: "A transcript's file is named by its contact id", ...judgeFile(file) },
    { title: "A chat that is live cannot be continued", ...judgeLive(third) },
    { title: "An unknown chat cannot be continued", ...judgeUnknown(third) },
    { title: "A chat cannot be continued before its transcript is ready", ...judgeEarly(third) },
    { title: "A chat whose link was refused can still be linked", ...judgeReady(third) },
    { title: "A chat is linked once", ...judgeTwice(second) },
    { title: "DescribeContact tells the attributes of a live chat", ...judgeLiveAttributes(first) },
    { title: "The session of a customer who leaves", ...judgeAfterCustomer(end) },
    { title: "The end that a leaving customer is told", ...judgeToldEnd(end) },
    { title: "A continued chat and its past are listed together", ...judgeTree(second) },
  ];
}

export function judgeForged({ linkBy, names, third }: Facts): Judgement {
  return judgeSeen(third?.winner, (winner) => {
    if (winner === "signed") return confirmed("The signed value has won.");
    if (winner === "neither") return unexpected("The contact has neither value: please report this.");
    const guard = `A visitor who forges ${names.contact} names any chat as their own`;
    return linkBy === "worker"
      ? unexpected(
          `The forged value has won. ${guard}, but the Worker links only chats that it has recorded: keep LINK_BY=worker.`,
        )
      : unexpected(
          `The forged value has won. ${guard}: go live only with LINK_BY=worker, or once your flow checks ${names.visitor} of the source contact.`,
        );
  });
}

export function judgeArrivals(first: Facts["first"], visitorAttribute: string): Judgement {
  return judgeSeen(first?.arrivals, (arrivals) => {
    const list = (wanted: Arrival) => Object.keys(arrivals).filter((name) => arrivals[name] === wanted);
    const prefixed = list("prefixed");
    const lost = [...list("missing"), ...list("other-value")];
    if (prefixed.length > 0) {
      return unexpected(
        `With a prefix: ${prefixed.join(", ")}. The flow and the Worker do not find them: please report this.`,
      );
    }
    if (lost.length > 0) return unexpected(`Not there, or with another value: ${lost.join(", ")}: please report this.`);
    return confirmed(`All ${Object.keys(arrivals).length} are there under their names, also ${visitorAttribute}.`);
  });
}

export function judgeRelated(second: Facts["second"], end: Facts["end"]): Judgement {
  return judgeSeen(second?.related, (related) => {
    const isTransferred = end !== undefined && "seen" in end.contacts && end.contacts.seen > 1;
    switch (related) {
      case "last":
        return isTransferred
          ? confirmed("The second chat is related to the last contact of the first one, after a transfer.")
          : confirmed(
              "The second chat is related to the first one. Nobody has transferred it: try a transfer by hand.",
            );
      case "first":
        return unexpected(
          "The second chat is related to the first contact of the first one, not to its last: please report this.",
        );
      case "other":
        return unexpected("The second chat is related to a chat that is not the first one: please report this.");
      case "none":
        return unexpected("DescribeContact names no related contact of the second chat: no chat was linked.");
    }
  });
}

export function judgeWorkerLink(second: Facts["second"]): Judgement {
  if (second === undefined) return NOT_REACHED;
  const { historyAfterSeconds, reports } = second;
  const last = reports.at(-1);
  const waits = reports.filter(({ link }) => link === "waiting").length;
  if (last?.link !== "linked") {
    return unexpected(
      `The Worker has not linked the second chat: its last answer was "${last?.link ?? last?.status ?? "none"}". npx wrangler tail shows why (chat.linked, link.waits, connect.refused).`,
    );
  }
  if (historyAfterSeconds === null) {
    return unexpected(
      "Connect has accepted the Worker's link, but the old messages did not come: raise READY_AFTER_SECONDS.",
    );
  }
  if (waits === 0) return confirmed("The Worker has linked the second chat at its first report.");
  return confirmed(
    `The Worker had to wait at ${waits} of ${reports.length} reports, and linked the second chat after ${Math.round(last.afterSeconds)} s.`,
  );
}

function judgeSession(end: Facts["end"]): Judgement {
  return judgeSeen(end?.contacts, (contacts) => {
    if (contacts > 1) return confirmed(`ListAssociatedContacts lists ${contacts} contacts of the first chat.`);
    if (contacts === 0)
      return unexpected("ListAssociatedContacts does not list the first chat itself: please report this.");
    return unseen("Nobody has transferred the first chat: try a transfer by hand.");
  });
}

function judgeFile(file: Facts["file"]): Judgement {
  return judgeSeen(file, (name) => {
    if (name === "has-id") return confirmed("The first chat's contact id is in the name of its transcript's file.");
    if (name === "none") return unseen("Connect does not tell of a transcript's file yet: look for one in S3 by hand.");
    return unexpected(
      "The contact id is not in the name of the transcript's file: promise nobody to erase transcripts by it.",
    );
  });
}

const judgeLive = (third: ThirdChat | undefined) =>
  judgeRefusal(third && third.live, {
    what: "a chat that is still live",
    otherwise: "A visitor who comes back while the chat before is live gets no history: please report this.",
  });

const judgeUnknown = (third: ThirdChat | undefined) =>
  judgeRefusal(third && third.unknown, {
    what: "a contact id that does not exist",
    otherwise: "A chat may then count as linked without any history: please report this.",
  });

export function judgeEarly(third: ThirdChat | undefined): Judgement {
  const early = third && third.early;
  if (early?.answer === "linked" && early.continues) {
    return noted(
      "Connect accepts a chat that has just ended, and names what is continued: READY_AFTER_SECONDS may be shorter.",
    );
  }
  return judgeRefusal(early, {
    what: "a chat that has just ended",
    otherwise: "Nothing is continued then: keep READY_AFTER_SECONDS long enough.",
  });
}

export function judgeReady(third: ThirdChat | undefined): Judgement {
  if (third === undefined) return NOT_REACHED;
  const { ready } = third;
  if (ready === null) return unseen("Not tried, since Connect had accepted another link of this chat before.");
  if (ready.answer === "linked") return confirmed("After refused links, Connect has accepted one.");
  if (isDenial(ready)) return unseen(`Your AWS login was not allowed to link (${ready.error}).`);
  return unexpected(
    `After refused links, Connect has refused the first chat as well (${ready.error}): a chat before the newest, and a transcript that is late, may then not be continued. Please report this.`,
  );
}

function judgeTwice(second: Facts["second"]): Judgement {
  if (second === undefined) return NOT_REACHED;
  const { byHand, historyAfterSeconds } = second;
  if (historyAfterSeconds === null)
    return unseen("The second chat was not linked, so that a second link says nothing.");
  if (byHand.answer === "linked")
    return noted("Connect accepts the same link a second time, under another ClientToken.");
  return judgeRefusal(byHand, { what: "a second link of one chat", otherwise: "" });
}

function judgeLiveAttributes(first: Facts["first"]): Judgement {
  return judgeSeen(first?.areToldWhileLive, (isTold) =>
    noted(
      isTold ? "It does." : "It does not: the Worker asks GetContactAttributes as well, which costs it a second call.",
    ),
  );
}

function judgeAfterCustomer(end: Facts["end"]): Judgement {
  if (end?.afterCustomer === null) return unseen("An agent has ended the first chat: try --without-agent.");
  return judgeSeen(end?.afterCustomer, (after) => {
    switch (after) {
      case "over":
        return noted("It is over at once.");
      case "open":
        return noted("It stays open: while nobody ends it, no chat continues it, and the chat before it is continued.");
      case "goes-on":
        return noted("It goes on in another contact, such as a survey: no chat continues it before that is over.");
    }
  });
}

function judgeToldEnd(end: Facts["end"]): Judgement {
  if (end === undefined) return NOT_REACHED;
  if (end.afterCustomer === null) return unseen("An agent has ended the first chat: try --without-agent.");
  if (end.toldEnd === null) return unseen("The customer's connection was not told anything.");
  return noted(
    end.toldEnd
      ? "chat.ended comes."
      : "chat.ended does not come. The Worker's script reports the end by the leaving, too.",
  );
}

function judgeTree(second: Facts["second"]): Judgement {
  return judgeSeen(second?.isListedTogether, (isTogether) =>
    noted(isTogether ? "They are. The Worker is ready for that." : "They are not."),
  );
}
