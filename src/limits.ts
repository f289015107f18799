/* oxlint-disable max-lines -- every number of the Worker and of the browser part is in this one file. */

/** Longest life of a widget token, in seconds. Connect refuses `exp` more than 10 minutes after `iat`. */
export const MAX_TOKEN_TTL_SECONDS = 600;

/** Longest encoded token, in characters: the widget sends two bytes for a character, and accepts 6,144 bytes. */
export const MAX_TOKEN_CHARS = 3000;

/** Longest body of `POST /_chat/contacts`, in bytes: a ticket, a contact id of 256 characters and some room. */
export const MAX_REPORT_BODY_BYTES = 2048;

/** Longest body of `POST /_chat/token`, in bytes: the longest token that the widget could use itself, and JSON around it. */
export const MAX_TOKEN_BODY_BYTES = 8192;

/** Most paths in `chatTrail`. */
export const MAX_TRAIL_PATHS = 5;

/** Most characters of one of them: with their times, all fit into one text of the browser part, and into one attribute. */
export const MAX_TRAIL_PATH_CHARS = 40;

/** Longest text that the browser part says of one thing, in characters: somewhat more than an attribute holds. */
export const MAX_SAID_CHARS = 300;

/** How long the script of Amazon's client must have failed before that counts, in milliseconds: a page that is left stops its scripts. */
export const CLIENT_FAILED_MS = 1000;

/**
 * How long after its script has loaded Amazon's client must have drawn the widget, in milliseconds: it takes less than one second,
 * and its own first calls may be slow on a phone.
 */
export const WIDGET_READY_MS = 20_000;

/**
 * How long a chat must be without its connection before that counts, in milliseconds: Amazon's client connects again within
 * seconds, and a page that is left loses its connection, too.
 */
export const CONNECTION_LOST_MS = 10_000;

/** How often the browser part looks whether the widget shows old messages, in milliseconds: each look reads what is on the screen. */
export const HISTORY_LOOK_MS = 1000;

/**
 * After how many of these looks old messages are missing: 4 minutes. With LINK_BY=worker, an open past chat is waited for until
 * the new one is OPEN_PAST_SECONDS (3 minutes) old, and is then linked within one more.
 */
export const HISTORY_MISSING_LOOKS = 240;

/** Longest body of `POST /_chat/outcomes`, in bytes: every word at once takes less than 300. */
export const MAX_OUTCOMES_BODY_BYTES = 512;

/** Longest header with the page's context, in characters: five texts, and up to nine characters for one of theirs. */
export const MAX_CONTEXT_HEADER_CHARS = 14_336;

/** How long a chat route waits for a whole body, in milliseconds: longer than the browser part waits for the answer. */
export const BODY_TIMEOUT_MS = 6000;

/** Longest contact id, in characters. Source: Amazon Connect API, type ContactId. */
export const MAX_CONTACT_ID_CHARS = 256;

/** How long a chat route waits for one answer of KV, in milliseconds. After that, the chat starts without history. */
export const STORE_TIMEOUT_MS = 2000;

/** How long a ticket admits a new contact id, in seconds: a report may wait until the browser is opened again. */
export const TICKET_LIFE_SECONDS = 7 * 86_400;

/** Sessions in a visitor's record: the newest and its fallback are offered. The others are for the owner's command and for merging. */
export const MAX_SESSIONS = 5;

/** Sessions in the cookie, which comes with every request: the newest, its fallback, and one for a race between tabs. */
export const MAX_COOKIE_SESSIONS = 3;

/** Longest life of a cookie, in days. Source: RFC 6265bis, "The Max-Age attribute". */
export const MAX_COOKIE_DAYS = 400;

/** The same in seconds. */
export const MAX_COOKIE_SECONDS = 34_560_000;

/** Longest sealed text that is opened, in characters: the longest cookie that browsers keep. Source: RFC 6265bis, "Limits". */
export const MAX_SEALED_CHARS = 4096;

/** How long an owner record is kept, in days: Connect keeps contact records for 24 months, and never reuses an id. */
export const OWNER_RECORD_DAYS = 760;

/** Oldest history that may be offered, in days: Connect keeps contact records for 24 months. */
export const MAX_RETENTION_DAYS = 730;

/**
 * How long an erasure is kept, in days: longer than every record that it overrules. A location of KV that lags behind may
 * write a record of MAX_RETENTION_DAYS back, a minute or two after the erasure.
 */
export const ERASED_RECORD_DAYS = OWNER_RECORD_DAYS;

/**
 * Hashes of contact ids in a visitor's record: they tell a late report from a new chat. KV has a key of its own for the
 * owner of each contact.
 */
export const MAX_OWNED_HASHES = 100;

/** Guests whose chats a customer has taken over, in the customer's record: to be forgotten together. */
export const MAX_TAKEN_OVER = 50;

/** Keys that KV reads in one call. Source: Cloudflare KV documentation, "Read key-value pairs". */
export const MAX_KV_KEYS = 100;

/** Longest visitor record that is read, in characters: this version writes less than 16 KB, older versions had no limit. */
export const MAX_RECORD_CHARS = 65_536;

/** Largest difference of two clocks, in seconds: two machines may serve consecutive calls of a visitor. */
export const CLOCK_TOLERANCE_SECONDS = 60;

/** How long caches may keep `/_chat/widget.js`, in seconds: a change of `MODE` reaches all pages after this time. */
export const WIDGET_MAX_AGE_SECONDS = 300;

/** How long the browser part waits for one token, in milliseconds: longer than the route waits for KV, and short enough for a second try. */
export const TOKEN_TRY_MS = 4000;

/** How long the browser part tries to get a token, in milliseconds, before the widget shows its own error page. */
export const TOKEN_PATIENCE_MS = 10_000;

/** How much of a head is read for `<meta>` policies, in bytes: enough for heads with much inline style. */
export const MAX_HEAD_BYTES = 65_536;

/** How far into a page the head may begin, in bytes: room for a long licence comment. A later head gets no tag. */
export const MAX_HEAD_SEARCH_BYTES = 16_384;

/**
 * Largest page that is read whole, in bytes, decompressed: up to here, one array takes less CPU than a stream (measured: a
 * page of 100 KB a fifth less).
 */
export const SMALL_PAGE_BYTES = 131_072;

/**
 * How long a small page may take to arrive, in milliseconds, before it is sent in pieces like any other. From a near server
 * it takes less; a visitor of a far one waits no longer than this.
 */
export const SMALL_PAGE_WAIT_MS = 5;

/** Most reports that wait in a browser. A ticket admits a new chat for seven days, and few people have more chats in a week. */
export const MAX_WAITING_REPORTS = 40;

/** Longest policies of a page that are patched, in characters: servers send no longer headers. */
export const MAX_POLICY_CHARS = 16_384;

/** Most policies in one header or `<meta>`: each gets up to 3 KB. */
export const MAX_POLICIES = 8;

/** Most directives in one header or `<meta>`. */
export const MAX_DIRECTIVES = 256;

/** How long the browser part waits for the answer to one report, in milliseconds: a token request may be waiting behind it. */
export const REPORT_TIMEOUT_MS = 5000;

/** Longest pause between two tries of a report within one page, in milliseconds. */
export const MAX_REPORT_PAUSE_MS = 300_000;

/** Longest age of a report, in seconds: as long as Connect keeps contact records. A browser's clock may be changed while a report waits. */
export const MAX_REPORT_AGE_SECONDS = OWNER_RECORD_DAYS * 86_400;

/** Calls of Amazon's API for one token. */
export const MAX_TOKEN_CALLS = 2;

/** How long a token waits for all of Amazon's answers, in milliseconds: together with the wait for KV within one try. */
export const TOKEN_CONNECT_TIMEOUT_MS = 1500;

/** Contacts in a row for which Amazon gives no answer, before the Worker stops asking for a while. */
export const CONTACTS_UNTIL_PAUSE = 3;

/** Longest pause after Amazon gave no answer, in seconds. Until then chats start without history. */
export const MAX_CONNECT_PAUSE_SECONDS = 60;

/** How long a browser keeps the mark of a sign-out, in days: as long as the visitor's cookie, which the mark makes worthless. */
export const SIGN_OUT_COOKIE_DAYS = MAX_COOKIE_DAYS;

/** How long after an erasure `npm run visitor` checks again, in seconds: KV shows a write everywhere after about 60 s. */
export const RECHECK_AFTER_SECONDS = 90;

/** How often `npm run visitor` checks again: a location that lags behind may undo the erasure more than once. */
export const MAX_RECHECKS = 3;

/** How long a command waits for one call of wrangler, in milliseconds: wrangler may renew the owner's login first. */
export const WRANGLER_TIMEOUT_MS = 60_000;

/** Share of a failure's page views from which a report or an alert names a browser, a version or a day as its place: more than all others. */
export const MOST_SHARE = 0.5;

/** How long a denial of Amazon counts, in seconds, before Amazon is asked again: its records may lag behind. */
export const REFUTATION_SECONDS = 86_400;

/** When a client that called too often may call again, in seconds: the longest period of Cloudflare's rate limits. */
export const CALL_LIMIT_PERIOD_SECONDS = 60;

/** How long a preview link can be opened, in hours: long enough to send it to a colleague. */
export const PREVIEW_LINK_HOURS = 24;

/** How long a browser sees the preview after it opened a link, in days. */
export const PREVIEW_COOKIE_DAYS = 7;

/** Longest body of `POST /_chat/preview`, in bytes: a token takes about 200. */
export const MAX_PREVIEW_BODY_BYTES = 1024;

/** Longest consent cookie or path that is matched, in characters: a longer one matches no pattern. */
export const MAX_MATCHED_CHARS = 4096;

/** Longest program of one pattern, in numbers: each is visited at most once for a character, which takes up to 7 ms. */
export const MAX_PATTERN_NUMBERS = 200;

/** The same for all path patterns of one setting: more, since a path's first characters rule most patterns out. */
export const MAX_SETTING_NUMBERS = 600;

/** How long after its start a chat may still be linked to a past one, in seconds: later, its agent has read and answered. */
export const LINK_SECONDS = 1800;

/** How long a new chat waits for an open past session, in seconds, before it continues the session before. */
export const OPEN_PAST_SECONDS = 180;

/**
 * How long Amazon's word counts that an older session is open, in seconds: questions about several open sessions would use
 * up the calls of each report, and the session before them would never be linked.
 */
export const OPEN_COUNTS_SECONDS = 60;

/** How long after its usual time a transcript may come, in seconds. After that it never will. */
export const TRANSCRIPT_SECONDS = 600;

/** How long a new chat may be unknown to some of Amazon's servers, in seconds: a refusal until then says nothing of the past chat. */
export const SETTLING_SECONDS = 15;

/** Shortest and longest time until a browser asks again for its chat to be linked, in seconds. */
export const LINK_PAUSE_SECONDS = 10;
export const MAX_LINK_PAUSE_SECONDS = 120;

/** Calls of Amazon's API for one report, without a second question about a contact's attributes. Amazon's quotas are 5 and 10 a second for a whole instance. */
export const MAX_LINK_CALLS = 3;

/** When a browser asks again if these calls did not suffice, in seconds. */
export const LINK_GOES_ON_SECONDS = 2;

/** How long a report waits for all of Amazon's answers, in milliseconds: together with the waits for KV, within REPORT_TIMEOUT_MS in most cases. */
export const REPORT_CONNECT_TIMEOUT_MS = 2500;

/**
 * How often one network's word counts for a failure in a span of time: a visitor opens some pages in a row, and a caller who
 * makes failures up weighs no more than such a visitor. Where Analytics Engine keeps a sample, a row that stands for many
 * networks counts as one, so that failures of a very large site count for less than they are.
 */
export const MAX_COUNTED_PER_NETWORK = 3;

/** A week, in seconds: an hour is compared with the same hour of the same day of the week. */
export const WEEK_SECONDS = 604_800;

/** An hour, in seconds: the figures of troubles are those of one, and networks get other numbers at each full hour. */
export const HOUR_SECONDS = 3600;

/** A day, in seconds: in UTC every day has as many, so that a day's start is a multiple of it. */
export const DAY_SECONDS = 86_400;

/** How long a run of the scheduled handler waits for all of its figures, in milliseconds: a query takes a second or two, and the next run comes in minutes. */
export const FIGURES_TIMEOUT_MS = 10_000;

/**
 * Most rows of figures of one span: one for each failure and operator of networks. A country has some hundred operators. Of a
 * site with more rows, those with the fewest failures are missing. 2,000 rows take some 4 ms of CPU (measured).
 */
export const MAX_FIGURE_ROWS = 2000;

/** Most rows of browsers and reasons of a trouble: seven families with some ten statuses are enough to name the most frequent one. */
export const MAX_DETAIL_ROWS = 100;

/** Longest answer of Analytics Engine that is read, in bytes: twice what MAX_REPORT_HOUR_ROWS take, and a tenth of a Worker's memory. */
export const MAX_FIGURES_BYTES = 12_000_000;

/** How much of another service's error is quoted, in characters: its first sentence or two. */
export const MAX_QUOTED_CHARS = 300;

/**
 * Fewest failures of an hour, as they are weighed, that count as a trouble. One network, such as an office's, tells six at
 * most: three, and three more in the next hour of the clock, where it has another number.
 */
export const TROUBLE_LEAST_COUNT = 10;

/**
 * Least share of an hour's pages that makes a failure of pages a trouble: a browser that two in a hundred visitors use may
 * fail altogether. Ad blockers are often above this: for them, the week before counts.
 */
export const TROUBLE_LEAST_PAGE_SHARE = 0.02;

/** The same for failures of chats: there are far fewer chats than pages, and some fail on trains and in lifts every day. */
export const TROUBLE_LEAST_CHAT_SHARE = 0.1;

/**
 * How many times the share of the week before makes a trouble. With some ten failures an hour, chance alone doubles a share
 * every few days, and hardly ever makes it three times as large. Where the week before is not known, it counts as the least share.
 */
export const TROUBLE_TIMES = 3;

/** Share that is a trouble whatever the week before was: what has failed for a third of the visitors can still get worse. */
export const TROUBLE_ALWAYS_SHARE = 0.8;

/** So many failures of an hour count as the least share, however many pages there were: they are worth a look on any site. */
export const TROUBLE_MANY = 500;

/** For how much of a line the networks of one operator count at most: one rented machine has thousands of networks. So it takes two operators. */
export const TROUBLE_OPERATOR_SHARE = 0.5;

/**
 * Fewest failures where more pages failed than were counted, and no share is known: three times what makes a trouble elsewhere,
 * since the number of visitors may have changed as well.
 */
export const TROUBLE_UNCOUNTED = 30;

/** How many failures are expected in an hour of a trouble, for their absence to say that it is over. By chance, five stay away once in 150 times. */
export const TROUBLE_ENOUGH = 5;

/** Fewest chats of the hour of the week before, for an hour without any to be a trouble: by chance, twenty stay away once in 500 million times. */
export const GONE_LEAST_CHATS = 20;

/** Share of the pages of the week before that there must be: with fewer, the visitors are gone as well, and not the chat alone. */
export const GONE_LEAST_PAGES = 0.5;

/**
 * Up to which share of the chats to be expected the chats are gone: a few may be the owner's own tries, or somebody's who wants
 * to hide it.
 */
export const GONE_SHARE = 0.05;

/**
 * How many times that share ends the trouble. In walks through made-up weeks, with twice the share it ended and began again and
 * again by chance alone.
 */
export const GONE_OVER_TIMES = 5;

/** Fewest chats of an hour that end the trouble of chats that are gone, whatever that share is. */
export const GONE_OVER_CHATS = 5;

/**
 * From how many tokens of an hour on the log says that no browser told anything. Visitors without consent tell nothing: where few
 * give it, fewer tokens are no sign.
 */
export const SILENT_LEAST_TOKENS = 50;

/** After how many seconds a trouble is over that nobody could see, because too few visitors came: a day has a busy hour. */
export const TROUBLE_FORGOTTEN_SECONDS = 86_400;

/** How often the known troubles are written again, in seconds: a clock that jumps further than TROUBLE_FORGOTTEN_SECONDS is noticed by their age. */
export const WATCH_REWRITE_SECONDS = 21_600;

/** How long the known troubles are kept, in days: as long as they last they are written again every few hours. */
export const WATCH_STATE_DAYS = 30;

/** How long a run waits before it looks whether another one has written at the same time, in milliseconds: longer than KV takes for a write. */
export const WATCH_SETTLE_MS = 2000;

/** How long an alert may take, in milliseconds: Slack, Teams and PagerDuty answer within a second. */
export const ALERT_TIMEOUT_MS = 5000;

/** How long the chat is off before it is tried again, in seconds: pages that browsers have kept with the script are gone after half of it. */
export const SELF_OFF_SECONDS = 600;

/** How long the chat is tried with some visitors, in seconds: a shop with too few visitors to tell has its chat back after that. */
export const SELF_OFF_TRIAL_SECONDS = 3600;

/** Share of visitors who get the chat in that time: a tenth of the harm if it still fails. */
export const SELF_OFF_TRIAL_SHARE = 0.1;

/** How long the figures go back that switch the chat off, in seconds: two runs of the scheduled handler. Never less: in a minute, a few networks are a fifth of the page views. */
export const SELF_OFF_SPAN_SECONDS = 600;

/** Least share of page views whose client failed: half of the page views may be of robots that run no script, ad blockers stop a few percent of clients. */
export const SELF_OFF_SHARE = 0.2;

/** The same as a multiple of the share a week before: where many block the client every day, this is no fault. */
export const SELF_OFF_TIMES_WEEK_BEFORE = 3;

/** Fewest page views of the week before whose share says what is usual: of ten, one ad blocker would be a tenth. */
export const SELF_OFF_LEAST_PAGES_BEFORE = 50;

/** Share that switches off whatever the week before was. */
export const SELF_OFF_ALWAYS_SHARE = 0.8;

/** Least networks that tell of failures: an office has one network, and a person reaches few. */
export const SELF_OFF_NETWORKS = 20;

/** The same while some visitors try: they are a tenth, and a failure of a few of them is soon seen. */
export const SELF_OFF_TRIAL_NETWORKS = 5;

/**
 * For how much of what it takes the networks of one operator count at most: one rented machine has thousands of networks, and a
 * country has three or four operators that most people use. So it takes four operators.
 */
export const SELF_OFF_OPERATOR_SHARE = 0.25;

/** How long widget.js waits for the flag in KV, in milliseconds: a cold read takes up to 300, and a visitor waits for the chat. */
export const SELF_OFF_WAIT_MS = 400;

/** How long KV keeps the flag, in seconds: long enough to say that it is over when the scheduled handler has missed some runs. */
export const SELF_OFF_FLAG_SECONDS = 86_400;
