const LEVELS = ["debug", "info", "warn", "error"] as const;

/** Events below this level are not written. */
export type LogLevel = (typeof LEVELS)[number];

/** The fields of an event. Never a secret, token, ticket, cookie or contact id. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/**
 * Writes one JSON line per event; `event` is a stable name that operators can alert on.
 *
 * @param onlyCounted Fields that are counted, and not written.
 */
export type Log = Readonly<Record<LogLevel, (event: string, fields?: LogFields, onlyCounted?: LogFields) => void>>;

/** @param count Called for every event, also for events that are not written. */
export function createLog(least: LogLevel, count: (event: string, fields?: LogFields) => void): Log {
  const writer = (level: LogLevel) => {
    const isWritten = LEVELS.indexOf(level) >= LEVELS.indexOf(least);
    return (event: string, fields?: LogFields, onlyCounted?: LogFields) => {
      count(event, onlyCounted === undefined ? fields : { ...fields, ...onlyCounted });
      if (isWritten) console[level](JSON.stringify({ level, event, ...fields }));
    };
  };
  return { debug: writer("debug"), info: writer("info"), warn: writer("warn"), error: writer("error") };
}

/** An error as log fields. Its message comes from this program or the platform, and quotes nothing that a visitor sent. */
export function toLogFields(error: unknown): LogFields {
  return error instanceof Error ? { error: error.name, message: error.message } : { error: String(error) };
}
