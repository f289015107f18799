/** The reason for a refused chat call: a stable part of the public interface. */
export type ErrorCode =
  | "BODY_INCOMPLETE"
  | "BODY_INVALID"
  | "BODY_NOT_JSON"
  | "BODY_TOO_LARGE"
  | "CONTACT_NOT_YOURS"
  | "CROSS_ORIGIN"
  | "INTERNAL"
  | "METHOD_NOT_ALLOWED"
  | "MISCONFIGURED"
  | "NOT_IN_PREVIEW"
  | "NOT_JSON_TYPE"
  | "NO_CONSENT"
  | "OWNER_TOKEN_INVALID"
  | "PREVIEW_INVALID"
  | "STORE_UNAVAILABLE"
  | "SWITCHED_OFF"
  | "TICKET_EXPIRED"
  | "TICKET_INVALID"
  | "TICKET_NOT_YOURS"
  | "TICKET_USED"
  | "TOKEN_TOO_LONG"
  | "TOO_MANY_CALLS";

/** A chat call that cannot be answered. The visitor gets the code alone; the message goes to the log. */
export class ChatError extends Error {
  override readonly name = "ChatError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** One setting that cannot be used as it is. */
export interface SettingProblem {
  readonly setting: string;
  /** What was expected and found, without a secret's value. */
  readonly message: string;
}

/** Some settings cannot be used. The error has all problems, so that the owner can fix them at once. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    super(problems.map(({ setting, message }) => `${setting}: ${message}`).join("\n"));
    this.problems = problems;
  }
}
