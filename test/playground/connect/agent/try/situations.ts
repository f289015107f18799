import type { SwitchName } from "../../switches.ts";

/** Links and buttons for the steps. */
export interface Tools {
  /** A page of the shop. */
  readonly shop: (path: string, words: string) => Node | string;
  /** A page of the shop whose chat knows who is signed in. */
  readonly customerShop: (path: string, words: string) => Node | string;
  readonly desk: (words: string) => Node | string;
  readonly spoil: (words: string) => Node | string;
  readonly moveClock: (days: number, words: string) => Node | string;
  /** The time until a transcript is ready, in words. */
  readonly transcriptDelay: string;
}

export interface Situation {
  name: string;
  title: string;
  steps: (string | Node)[][];
  /** The switches that change its outcome. */
  switches: SwitchName[];
}

/** The situations of a returning visitor, as steps to try by hand. */
export function listSituations(tools: Tools): Situation[] {
  const { customerShop, desk, moveClock, shop, spoil, transcriptDelay } = tools;
  const startChat = () => ["Open the ", shop("/", "shop"), ", start a chat and write something."];
  const haveChat = (beginning: string): (string | Node)[] => [
    `${beginning} the `,
    shop("/", "shop"),
    `, start a chat, write something, end the chat, and wait ${transcriptDelay}.`,
  ];
  const signIn = () => [
    "Sign in ",
    customerShop("/account", "as Ada"),
    `, chat, end the chat, and wait ${transcriptDelay}.`,
  ];
  return [
    {
      name: "new-tab",
      title: "A new tab",
      steps: [
        startChat(),
        ["Open ", shop("/help", "another page of the shop in a new tab"), ": you see the same chat there."],
        ["Write in each tab: both tabs show it. The ", desk("desk"), " shows one contact."],
      ],
      switches: ["authenticateOnResume", "metadataHandler"],
    },
    {
      name: "closed-browser",
      title: "A closed browser",
      steps: [
        startChat(),
        ["Close all tabs of the shop, or the whole browser."],
        ["Open the ", shop("/", "shop"), " again within 30 minutes: the chat goes on."],
      ],
      switches: ["authenticateOnResume", "metadataHandler"],
    },
    {
      name: "ended-while-away",
      title: "The agent ends the chat after the tab was closed",
      steps: [
        ["Open the ", shop("/", "shop"), ", start a chat, write something, and close the tab."],
        ["At the ", desk("desk"), `, click on “End chat”. Wait ${transcriptDelay}.`],
        ["Open the ", shop("/", "shop"), " and chat again: you and the agent see the earlier chat."],
      ],
      switches: ["liveSource", "earlySource"],
    },
    {
      name: "back-at-once",
      title: "Back before the transcript is ready",
      steps: [
        [...startChat(), " End the chat."],
        [`Chat again at once, and write something: after ${transcriptDelay} you see the earlier chat.`],
      ],
      switches: ["customerEnd", "sessionAfterCustomerEnd", "typingDuringWait", "rehydrationTypeForm"],
    },
    {
      name: "transfer",
      title: "A transfer to another agent",
      steps: [
        startChat(),
        ["At the ", desk("desk"), ", click on “Transfer”. Answer as the second agent."],
        [`End the chat, wait ${transcriptDelay}, and chat again: you see the messages with both agents.`],
      ],
      switches: ["metadataHandler", "initialContactIdInEvents", "segmentSource"],
    },
    {
      name: "survey",
      title: "A survey after the chat",
      steps: [
        startChat(),
        ["At the ", desk("desk"), ", click on “Send to survey”. Answer the survey in the shop."],
        [`End the chat, wait ${transcriptDelay}, and chat again: you see the chat and the survey.`],
      ],
      switches: ["metadataHandler", "initialContactIdInEvents", "segmentSource"],
    },
    {
      name: "failed-link",
      title: "A link that fails",
      steps: [
        haveChat("Do this twice: open"),
        ["Click on ", spoil("Let the next link fail"), " and chat again: you see the first chat, not the second."],
        [
          `End this third chat, wait ${transcriptDelay}, and chat again: you see the third chat, and the first with it. The second stays out, because a chat links only one past chat.`,
        ],
      ],
      switches: ["secondLink"],
    },
    {
      name: "unknown-contact",
      title: "A contact that Connect does not know",
      steps: [
        haveChat("Open"),
        ["At the ", desk("desk"), ", choose that chat and click on “Drop the record”."],
        ["Open the ", shop("/", "shop"), " and chat again: the chat starts without history, and nothing breaks."],
      ],
      switches: ["emptySource", "secondLink"],
    },
    {
      name: "older-than-retention",
      title: "A chat older than RETENTION_DAYS",
      steps: [
        haveChat("Open"),
        [moveClock(366, "Move the clock on by 366 days"), " and chat again: the chat starts without history."],
        ["End that chat, and ", moveClock(-366, "move the clock back"), "."],
      ],
      switches: [],
    },
    {
      name: "sign-in",
      title: "Signing in keeps the thread",
      steps: [
        [
          "Open the ",
          customerShop("/account/sign-out", "shop with customers, signed out"),
          `. Chat, end the chat, and wait ${transcriptDelay}.`,
        ],
        ["Sign in ", customerShop("/account", "as Ada"), ", and chat: you and the agent see the chat from before."],
        [
          "Open the same address in a private window, sign in as Ada, and chat: Ada’s history has that chat there, too.",
        ],
        [
          customerShop("/account/sign-out", "Sign out"),
          ", and chat without signing in, or as Ben: the chat starts without Ada’s history.",
        ],
      ],
      switches: ["authenticateTwice", "liveSource"],
    },
    {
      name: "sign-out",
      title: "Signing out",
      steps: [
        startChat(),
        [
          shop("/account/sign-out", "Sign out"),
          ": the chat is gone. In another tab, it is gone once you look at that tab.",
        ],
        ["Open the chat again: it starts without history."],
      ],
      switches: [],
    },
    {
      name: "two-customers",
      title: "Two customers in one browser",
      steps: [
        signIn(),
        [customerShop("/account/sign-out", "Sign out"), ", sign in as Ben, and chat: you see nothing of Ada’s chat."],
        ["End the chat, sign in as Ada again, and chat: you see Ada’s chat only."],
      ],
      switches: ["authenticateTwice", "nullToken"],
    },
    {
      name: "two-browsers",
      title: "One customer in two browsers",
      steps: [
        signIn(),
        ["Open the same address in a private window or another browser, and sign in as Ada there."],
        ["Chat there: you see Ada’s earlier chat."],
      ],
      switches: ["authenticateTwice"],
    },
  ];
}
