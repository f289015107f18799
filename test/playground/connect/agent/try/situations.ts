import type { SwitchName } from "../../switches.ts";

/** What a step can offer to click on. */
export interface Tools {
  /** A page of the shop. */
  readonly shop: (path: string, words: string) => Node | string;
  /** A page of the shop whose chat knows who is signed in. */
  readonly customerShop: (path: string, words: string) => Node | string;
  readonly desk: (words: string) => Node | string;
  readonly spoil: (words: string) => Node | string;
  readonly moveClock: (days: number, words: string) => Node | string;
  /** How long a transcript takes, in words. */
  readonly transcriptDelay: string;
}

export interface Situation {
  name: string;
  title: string;
  steps: (string | Node)[][];
  /** The switches that matter to it. */
  switches: SwitchName[];
}

/** What a returning visitor can meet with, as steps to try it by hand. */
export function listSituations(tools: Tools): Situation[] {
  const { customerShop, desk, moveClock, shop, spoil, transcriptDelay } = tools;
  const chatAndEnd = (beginning: string): (string | Node)[] => [
    beginning,
    shop("/", "shop"),
    `, start a chat, write something, end it, and wait ${transcriptDelay}.`,
  ];
  return [
    {
      name: "new-tab",
      title: "A new tab",
      steps: [
        ["In the ", shop("/", "shop"), ", start a chat and write something."],
        ["Open ", shop("/help", "another page in a new tab"), ": the same chat is there, with what you wrote."],
        ["Write in either tab: both show it, and the ", desk("desk"), " has one contact."],
      ],
      switches: ["authenticateOnResume", "metadataHandler"],
    },
    {
      name: "closed-browser",
      title: "A closed browser",
      steps: [
        ["In the ", shop("/", "shop"), ", start a chat and write something."],
        ["Close every tab of the shop, or the whole browser."],
        ["Within 30 minutes, open the ", shop("/", "shop"), " again: the chat goes on."],
      ],
      switches: ["authenticateOnResume", "metadataHandler"],
    },
    {
      name: "ended-while-away",
      title: "The agent ends after the tab was closed",
      steps: [
        ["In the ", shop("/", "shop"), ", start a chat, write something, and close the tab."],
        ["At the ", desk("desk"), `, click on “End chat”, and wait ${transcriptDelay}.`],
        ["In the ", shop("/", "shop"), ", chat again: you and the agent see the earlier chat."],
      ],
      switches: ["liveSource", "earlySource"],
    },
    {
      name: "transfer",
      title: "A transfer",
      steps: [
        ["In the ", shop("/", "shop"), ", start a chat and write something."],
        ["At the ", desk("desk"), ", click on “Transfer”, and answer as the second agent."],
        [`End the chat, wait ${transcriptDelay}, and chat again: both halves are there.`],
      ],
      switches: ["metadataHandler", "initialContactIdInEvents", "segmentSource"],
    },
    {
      name: "survey",
      title: "A survey",
      steps: [
        ["In the ", shop("/", "shop"), ", start a chat and write something."],
        ["At the ", desk("desk"), ", click on “Send to survey”; answer it in the shop."],
        [`End the chat, wait ${transcriptDelay}, and chat again: the chat and the survey are there.`],
      ],
      switches: ["metadataHandler", "initialContactIdInEvents", "segmentSource"],
    },
    {
      name: "failed-link",
      title: "A link that fails",
      steps: [
        chatAndEnd("Twice: in the "),
        [spoil("Let the next link fail"), " and chat a third time: the chat before the last comes along instead."],
        [
          `End this chat too, wait ${transcriptDelay}, and chat again: it continues the third. The second stays out: a chat links one past session.`,
        ],
      ],
      switches: ["secondLink"],
    },
    {
      name: "unknown-contact",
      title: "A contact that Connect does not know",
      steps: [
        chatAndEnd("In the "),
        ["At the ", desk("desk"), ", choose that chat and click on “Drop the record”."],
        ["In the ", shop("/", "shop"), ", chat again: it starts without history, and nothing breaks."],
      ],
      switches: ["emptySource", "secondLink"],
    },
    {
      name: "older-than-retention",
      title: "A chat older than the retention",
      steps: [
        chatAndEnd("In the "),
        [moveClock(366, "Move the clock on by 366 days"), " and chat again: it starts without history."],
        ["End that chat, and ", moveClock(-366, "move the clock back"), "."],
      ],
      switches: [],
    },
    {
      name: "sign-out",
      title: "Signing out",
      steps: [
        ["In the ", shop("/", "shop"), ", start a chat and write something."],
        [shop("/account/sign-out", "Sign out"), ": the chat is gone, from other tabs once you look at them."],
        ["Open the chat again: it starts without history."],
      ],
      switches: [],
    },
    {
      name: "two-customers",
      title: "Two customers on one browser",
      steps: [
        ["Sign in ", customerShop("/account", "as Ada"), `, chat, end it, and wait ${transcriptDelay}.`],
        [customerShop("/account/sign-out", "Sign out"), ", sign in as Ben, and chat: nothing of Ada is there."],
        ["End it, sign in as Ada again, and chat: only her own history is there."],
      ],
      switches: ["authenticateTwice", "nullToken"],
    },
    {
      name: "two-browsers",
      title: "One customer on two browsers",
      steps: [
        ["Sign in ", customerShop("/account", "as Ada"), `, chat, end it, and wait ${transcriptDelay}.`],
        ["Open the same address in a private window or another browser, and sign in as Ada there."],
        ["Chat: her history is there."],
      ],
      switches: ["authenticateTwice"],
    },
  ];
}
