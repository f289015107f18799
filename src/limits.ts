/** Longest life of a widget token, in seconds. Connect refuses `exp` more than 10 minutes after `iat`. */
export const MAX_TOKEN_TTL_SECONDS = 600;

/** Longest encoded token, in characters: the widget sends two bytes a character and takes 6,144 bytes. */
export const MAX_TOKEN_CHARS = 3000;

/** Longest body of `POST /_chat/contacts`, in bytes: a ticket, a contact id of 256 characters and room to spare. */
export const MAX_REPORT_BODY_BYTES = 2048;

/** Longest body of `POST /_chat/token`, in bytes: holds the longest token that the widget could use itself, and JSON around it. */
export const MAX_TOKEN_BODY_BYTES = 8192;

/** How long a chat route waits for the whole of a body, in milliseconds: longer than the browser part waits for the answer. */
export const BODY_TIMEOUT_MS = 6000;

/** Longest contact id, in characters. Source: Amazon Connect API, type ContactId. */
export const MAX_CONTACT_ID_CHARS = 256;

/** How long a chat route waits for one answer of KV, in milliseconds; a chat then starts without history. */
export const STORE_TIMEOUT_MS = 2000;

/** How long a ticket admits a new contact id, in seconds: a report may wait for the browser to be opened again. */
export const TICKET_LIFE_SECONDS = 7 * 86_400;

/** Sessions kept in a visitor's record: the newest and its fallback are offered, the others are for show and for merging. */
export const MAX_SESSIONS = 5;

/** Sessions carried in the cookie, which travels with every request: the newest, its fallback, and one for a race between tabs. */
export const MAX_COOKIE_SESSIONS = 3;

/** Longest life of a cookie, in days. Source: RFC 6265bis, "The Max-Age attribute". */
export const MAX_COOKIE_DAYS = 400;

/** Longest sealed text that is opened, in characters: the longest cookie that browsers keep. Source: RFC 6265bis, "Limits". */
export const MAX_SEALED_CHARS = 4096;

/** How long an owner record is kept, in days: Connect keeps contact records for 24 months, and never reuses an id. */
export const OWNER_RECORD_DAYS = 760;

/** Oldest history that may be offered, in days: Connect keeps contact records for 24 months. */
export const MAX_RETENTION_DAYS = 730;

/**
 * How long an erasure is kept, in days: longer than anything that it beats. A location of KV that lagged behind may write a
 * record of up to MAX_RETENTION_DAYS back, a minute or two after the erasure.
 */
export const ERASED_RECORD_DAYS = OWNER_RECORD_DAYS;

/**
 * Hashes of contact ids in a visitor's record: the newest tell a late report from a new chat. The owner of every contact
 * has a key of its own in KV.
 */
export const MAX_OWNED_HASHES = 100;

/** Longest visitor record that is read, in characters: what this version writes is below 16 KB, what older ones wrote had no end. */
export const MAX_RECORD_CHARS = 65_536;

/** How far two clocks may be apart, in seconds: consecutive calls of a visitor may be served by two machines. */
export const CLOCK_TOLERANCE_SECONDS = 60;

/** How long `/_chat/widget.js` may be kept, in seconds: so long does a switch take to reach pages cached elsewhere. */
export const WIDGET_MAX_AGE_SECONDS = 300;

/** How long the browser part waits for one answer with a token, in milliseconds: longer than the route waits for KV, and short enough for a second try. */
export const TOKEN_TRY_MS = 4000;

/** How long the browser part tries to get a token, in milliseconds, before the widget shows its own error page. */
export const TOKEN_PATIENCE_MS = 10_000;

/** How much of a head is read for policies of its own, in bytes: heads with much inline style are longer than most. */
export const MAX_HEAD_BYTES = 65_536;

/** How far into a page its head is looked for, in bytes: room for a long licence comment; what comes later is left alone. */
export const MAX_HEAD_SEARCH_BYTES = 16_384;

/** Reports that wait in a browser at most; a ticket takes a new chat for seven days, and few people have more than these in a week. */
export const MAX_WAITING_REPORTS = 40;

/**
 * How many characters of a page's beginning are looked at while more of it comes, and of its head as many again: what is
 * unfinished is read anew with every piece, so that many small pieces would cost far more than their bytes. Takes up to 5 ms.
 */
export const MAX_CHARS_LOOKED_AT = 131_072;

/** Longest policies of a page that are patched, in characters: servers send no longer headers. */
export const MAX_POLICY_CHARS = 16_384;

/** Most policies of a page in one header or `<meta>`: each gets up to 3 KB. */
export const MAX_POLICIES = 8;

/** Most directives in them. */
export const MAX_DIRECTIVES = 256;

/** Most `<meta http-equiv>` of a head that are looked at for a policy; each takes up to 30 µs. */
export const MAX_META_ELEMENTS = 64;

/** How long the browser part waits for the answer to one report, in milliseconds: a token request may be waiting behind it. */
export const REPORT_TIMEOUT_MS = 5000;

/** Longest pause between two tries of a report within one page, in milliseconds. */
export const MAX_REPORT_PAUSE_MS = 300_000;

/** Longest age of a report, in seconds: as long as Connect keeps contact records. A browser's clock may be set while one waits. */
export const MAX_REPORT_AGE_SECONDS = OWNER_RECORD_DAYS * 86_400;

/** How long a token waits for Amazon to say whose a contact is, in milliseconds: with the wait for KV still within one try. */
export const OWNER_TIMEOUT_MS = 1500;

/** About how many contacts Amazon has to be silent, one after the other, before it is left alone for a while. */
export const CONTACTS_UNTIL_PAUSE = 3;

/** Longest pause after Amazon could not say whose a contact is, in seconds: a chat meanwhile starts without history. */
export const MAX_OWNER_PAUSE_SECONDS = 60;

/** How long a browser can tell that it was signed out since its last page, in days: as long as the cookie that this makes worthless. */
export const LEFT_COOKIE_DAYS = MAX_COOKIE_DAYS;

/** How long after an erasure the owner's command looks again, in seconds: KV shows a write everywhere after 60 s or a little more. */
export const RECHECK_AFTER_SECONDS = 90;

/** How often that command looks again: each time it was undone, a location that was behind may have undone it anew. */
export const MAX_RECHECKS = 3;

/** How long the owner's command waits for one call of wrangler, in milliseconds: it may have to renew the owner's login first. */
export const WRANGLER_TIMEOUT_MS = 60_000;

/** How long Amazon's word that a contact is not the visitor's stands, in seconds, before it is asked again: its records may lag. */
export const REFUTATION_SECONDS = 86_400;

/** When a client that called too often may call again, in seconds: the longest period that a rate limit of Cloudflare's counts over. */
export const CALL_LIMIT_PERIOD_SECONDS = 60;

/** How long a preview link can be opened, in hours: long enough to send it to a colleague. */
export const PREVIEW_LINK_HOURS = 24;

/** How long a browser that opened one sees the preview, in days. */
export const PREVIEW_COOKIE_DAYS = 7;

/** Longest body of `POST /_chat/preview`, in bytes: a sealed nothing takes about 200. */
export const MAX_PREVIEW_BODY_BYTES = 1024;

/** Longest consent cookie or path that is compared with a pattern of the owner's, in characters: a longer one matches none. */
export const MAX_MATCHED_CHARS = 4096;

/** Longest program of one pattern, in numbers: each is looked at once a character at most, which takes up to 7 ms. */
export const MAX_PATTERN_NUMBERS = 200;

/** The same for all path patterns of one setting: most of a path's characters rule most of them out. */
export const MAX_SETTING_NUMBERS = 600;
