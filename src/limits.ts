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
 * makes failures up weighs no more than such a visitor.
 */
export const MAX_COUNTED_PER_NETWORK = 3;
