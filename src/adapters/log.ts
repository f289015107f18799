const LEVELS = ["debug", "info", "warn", "error"] as const;

/** The least important level that is still written. */
export type LogLevel = (typeof LEVELS)[number];

/** What an event carries besides its name. Never a secret, token, ticket, cookie or contact id. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** Writes one JSON line per event; `event` is a stable name that operators can alert on. */
export type Log = Readonly<Record<LogLevel, (event: string, fields?: LogFields) => void>>;

/** @param count Told of every event, also of those that are not written. */
export function createLog(least: LogLevel, count: (event: string, fields?: LogFields) => void): Log {
  const writer = (level: LogLevel) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return count;
    return (event: string, fields?: LogFields) => {
      count(event, fields);
      console[level](JSON.stringify({ level, event, ...fields }));
    };
  };
  return { debug: writer("debug"), info: writer("info"), warn: writer("warn"), error: writer("error") };
}

/** An error as log fields. Its message is ours or the platform's; neither carries what a visitor sent. */
export function toLogFields(error: unknown): LogFields {
  return error instanceof Error ? { error: error.name, message: error.message } : { error: String(error) };
}
