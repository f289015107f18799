/** How long Analytics Engine keeps figures, in days: three months. Source: Cloudflare documentation, Workers Analytics Engine, "Limits". */
export const ANALYTICS_KEPT_DAYS = 90;

/** Most rows of totals that `npm run report` reads: all words with every browser, for 50 versions. The most frequent come first. */
export const MAX_REPORT_ROWS = 10_000;

/** Most rows by hour that it reads: 15 words in each hour of ANALYTICS_KEPT_DAYS, and half as much again. */
export const MAX_REPORT_HOUR_ROWS = 50_000;

/** Days that the report's picture of days and hours has room for: longer, and its rows are too thin to read. */
export const MAX_HEAT_MAP_DAYS = 31;

/** How long `npm run report` waits for all of Cloudflare's answers, in milliseconds: a query over months takes some seconds. */
export const REPORT_READ_TIMEOUT_MS = 60_000;

/** A clock that is ahead by less than this is no reason to leave a line of a log out of the pictures, in seconds. */
export const LOG_CLOCK_AHEAD_SECONDS = 3600;

/** Most bars of one picture in the report: all usual words, and anybody can make a word up that never was. */
export const MAX_REPORT_BARS = 8;

/** Most reasons in one list of the report in the terminal: more than there are, so that only made-up ones are left out. */
export const MAX_REPORT_REASONS = 20;

/** How far over its limit something counts that leaves visitors without any chat: nothing comes before it. */
export const NO_CHAT_WEIGHT = 100;

/** The same of a bug, which has no limit: before what is just over its own, since only a report of it helps. */
export const BUG_WEIGHT = 1.5;

/** The same of history that hardly anybody sees: the chat itself works. */
export const UNSEEN_WEIGHT = 2;

/** Fewest failures of one kind that stand out in the report: one or two are chance. In a log, which is short, one is enough. */
export const LEAST_FAILURES = 3;

/** How many times as frequent as before a failure stands out in the report: by chance, small counts double. */
export const FAILURE_GROWTH = 3;

/** The same for one day beside the other days: sales and weekends triple a day by themselves. */
export const FAILURE_PEAK = 5;

/** Fewest failures in a span, or in a day, that can have grown so. */
export const LEAST_GROWN_FAILURES = 10;

/** Fewest days of which a typical one can be told: the median of fewer may itself be one of the bad days. */
export const LEAST_PEAK_DAYS = 5;

/** A peak is over when a day since then has at most so many times the failures of a typical day: twice is chance. */
export const PEAK_OVER_TIMES = 2;

/** Most days that the report names one by one. */
export const MAX_NAMED_DAYS = 3;

/** Share of the pages from which this stands out: ad blockers and the filters of offices stop some chat clients everywhere. */
export const CLIENT_FAILED_SHARE = 0.03;

/** The same: a policy is one for all visitors, and only extensions add their own. */
export const POLICY_BLOCKED_SHARE = 0.01;

/** The same: who leaves a page early or has a very slow device gets no widget. */
export const NEVER_READY_SHARE = 0.03;

/** The same, of the chats that visitors tried: nothing but a fault, or too many calls, keeps a token or a start from them. */
export const TRY_FAILED_SHARE = 0.02;

/** The same, of the chats that were started: phones lose their network. */
export const CONNECTION_LOST_SHARE = 0.1;

/** The same, of the chats that were offered history: transcripts are late at times, or a visitor leaves before old messages come. */
export const HISTORY_MISSING_SHARE = 0.1;

/** Fewer than this many of a thing tell no share that one can build on. By chance, twenty stay away once in 500 million times. */
export const LEAST_FOR_SHARE = 20;

/** How many of a thing are expected for its absence to stand out in the report: by chance, five stay away once in 150 times. */
export const LEAST_FOR_ABSENCE = 5;

/** Share of the chats before, below which they stand out: half as many is more than a quiet week. */
export const CHATS_FELL_SHARE = 0.5;

/** Share of the pages before, above which as many chats are expected as before: with fewer pages, fewer in proportion. */
export const AS_MANY_PAGES_SHARE = 0.7;

/** Least share of tries that start a chat: many people open a chat and say nothing, but hardly nine in ten. */
export const LEAST_STARTED_SHARE = 0.1;

/** How many times the longest pause between two chats makes a pause that goes on stand out: nights and weekends pause, too. */
export const CHATS_PAUSE_TIMES = 2;

/** Share of refused calls that stands out: a visitor repeats a refused call some times, so fewer visitors than that are behind it. */
export const REFUSED_SHARE = 0.05;

/** Share of tokens without history for want of an answer that stands out: KV and Amazon answer more than 99 in 100 times. */
export const HISTORY_UNKNOWN_SHARE = 0.05;

/** Least share of the chats with history whose visitor sees it: those that miss it are told as `history-missing` from a share of its own on. */
export const LEAST_SEEN_SHARE = 0.1;

/** Least share of chats that Amazon confirms as linked: some end before the link comes, of a working setup fewer than a third. */
export const LEAST_LINKED_SHARE = 2 / 3;

/** How much smaller the share of pages with the chat must be to stand out: new pages of a site seldom change it by more. */
export const PAGES_FELL_SHARE = 0.1;

/** How many times the rate of the others makes a browser or a version stand out: by chance, small counts come near it. */
export const GROUP_STANDS_OUT = 2;

/** Share of the opened chats from which a version is in use: anybody can tell of one that never was. */
export const VERSION_IN_USE_SHARE = 0.05;

/** Below this count, a percentage of change says less than the two counts do. */
export const LEAST_FOR_PERCENT = 20;

/** How many times as many are told as two counts: "+200 %" is harder to read. */
export const CHANGE_TIMES = 3;

/** Fewest chats of an hour of the week, for it to be called the busiest: below that it is chance. */
export const LEAST_BUSY_CHATS = 5;

/**
 * How long `npm run report` waits for the system to say that it cannot open the page, in milliseconds: without any browser
 * it says so within half a second, and some systems never say that they could.
 */
export const OPEN_PAGE_WAIT_MS = 2000;
