/** Exceptions of the actions' models. Source: Amazon Connect API Reference, the errors of each action. */
export const modelledStatuses = {
  AccessDeniedException: 403,
  ContactFlowNotPublishedException: 404,
  ContactNotFoundException: 410,
  DuplicateResourceException: 409,
  InternalServiceException: 500,
  InvalidContactFlowException: 400,
  InvalidParameterException: 400,
  InvalidRequestException: 400,
  ResourceNotFoundException: 404,
  ThrottlingException: 429,
} as const;

/** Exceptions that come before a call reaches its action. Source: the same, "Common Errors". */
const commonStatuses = {
  SerializationException: 400,
  UnknownOperationException: 404,
  UnsupportedMediaTypeException: 415,
} as const;

type ModelledException = keyof typeof modelledStatuses;
type CommonException = keyof typeof commonStatuses;

export interface Answer {
  status: number;
  /** Name of AWS's exception; `null` where there is none. */
  error: string | null;
  /** A text is sent as it is, anything else as JSON. */
  body: unknown;
}

export function succeed(body: unknown): Answer {
  return { status: 200, error: null, body };
}

export function fail(error: ModelledException, message: string): Answer {
  return { status: modelledStatuses[error], error, body: { Message: message } };
}

/** @param problems One sentence each. */
export function failFlow(problems: readonly string[]): Answer {
  const error = "InvalidContactFlowException";
  return { status: modelledStatuses[error], error, body: { problems: problems.map((message) => ({ message })) } };
}

export function failBefore(error: CommonException, message: string): Answer {
  return { status: commonStatuses[error], error, body: { message } };
}
