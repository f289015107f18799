import { type Context } from "hono";
import { type ContentfulStatusCode } from "hono/utils/http-status";
import { type Log, toLogFields } from "../../../adapters/log.ts";
import { ChatError, type ErrorCode } from "../../../errors.ts";
import { CALL_LIMIT_PERIOD_SECONDS } from "../../../limits.ts";

const STATUS = {
  BODY_INCOMPLETE: 408,
  BODY_INVALID: 400,
  BODY_NOT_JSON: 400,
  BODY_TOO_LARGE: 413,
  CONTACT_NOT_YOURS: 403,
  CROSS_ORIGIN: 403,
  INTERNAL: 500,
  METHOD_NOT_ALLOWED: 405,
  MISCONFIGURED: 503,
  NOT_IN_PREVIEW: 409,
  NOT_JSON_TYPE: 415,
  NO_CONSENT: 403,
  OWNER_TOKEN_INVALID: 403,
  PREVIEW_INVALID: 403,
  STORE_UNAVAILABLE: 503,
  SWITCHED_OFF: 503,
  TICKET_EXPIRED: 403,
  TICKET_INVALID: 403,
  TICKET_NOT_YOURS: 403,
  TICKET_USED: 403,
  TOKEN_TOO_LONG: 422,
  TOO_MANY_CALLS: 429,
} as const satisfies Record<ErrorCode, ContentfulStatusCode>;

/** Answers with the stable code alone: details go to the log. */
export function errorResponse(c: Context, code: ErrorCode): Response {
  if (STATUS[code] === 429) c.header("retry-after", String(CALL_LIMIT_PERIOD_SECONDS));
  return c.json({ error: code }, STATUS[code]);
}

/** Turns an error of a chat route into an answer and a log line. */
export function createErrorHandler(log: Log) {
  return (error: Error, c: Context): Response => {
    if (!(error instanceof ChatError)) {
      log.error("chat.failed", { path: c.req.path, ...toLogFields(error) });
      return errorResponse(c, "INTERNAL");
    }
    const write = STATUS[error.code] >= 500 ? log.error : log.warn;
    write("chat.refused", { path: c.req.path, code: error.code, message: error.message });
    return errorResponse(c, error.code);
  };
}
