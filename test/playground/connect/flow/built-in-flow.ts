/**
 * Builds the flow that the widget runs from the beginning: it sets a queue, and links a past chat.
 *
 * After its first block it is the flow that this project delivers, written down a second time: a test compares the two.
 *
 * @param contactAttribute Key of the attribute with the contact id to continue from.
 */
export function buildBuiltInFlow(contactAttribute: string, queueArn: string): object {
  const otherwise = (next: string) => [{ NextAction: next, ErrorType: "NoMatchingError" }];
  const when = (result: string, next: string) => ({
    NextAction: next,
    Condition: { Operator: "Equals", Operands: [result] },
  });
  return {
    Version: "2019-10-30",
    StartAction: "Set the queue",
    Metadata: { entryPointPosition: { x: 40, y: 40 }, ActionMetadata: {} },
    Actions: [
      {
        Identifier: "Set the queue",
        Type: "UpdateContactTargetQueue",
        Parameters: { QueueId: queueArn },
        Transitions: { NextAction: "Continue a past chat", Errors: otherwise("Continue a past chat") },
      },
      {
        Identifier: "Continue a past chat",
        Type: "Compare",
        Parameters: { ComparisonValue: "$.Attributes.chatContinue" },
        Transitions: {
          NextAction: "Go on to the queue",
          Conditions: [when("wait", "Wait for its transcript"), when("now", "Link the newest chat")],
          Errors: [{ NextAction: "Go on to the queue", ErrorType: "NoMatchingCondition" }],
        },
      },
      {
        Identifier: "Wait for its transcript",
        Type: "Wait",
        Parameters: { TimeLimitSeconds: "$.Attributes.chatWaitSeconds" },
        Transitions: {
          NextAction: "Link the newest chat",
          Errors: otherwise("Link the newest chat"),
          Conditions: [when("WaitCompleted", "Link the newest chat")],
        },
      },
      buildLink("Link the newest chat", contactAttribute, "Link the chat before it"),
      buildLink("Link the chat before it", "contactIdFallback", "Go on to the queue"),
      {
        Identifier: "Go on to the queue",
        Type: "TransferContactToQueue",
        Parameters: {},
        Transitions: {
          NextAction: "Say that nobody can be reached",
          Errors: [
            { NextAction: "Say that nobody can be reached", ErrorType: "QueueAtCapacity" },
            { NextAction: "Say that nobody can be reached", ErrorType: "NoMatchingError" },
          ],
        },
      },
      {
        Identifier: "Say that nobody can be reached",
        Type: "MessageParticipant",
        Parameters: { Text: "Sorry, nobody can be reached at the moment. Please try again later." },
        Transitions: { NextAction: "End the chat", Errors: otherwise("End the chat") },
      },
      { Identifier: "End the chat", Type: "DisconnectParticipant", Parameters: {}, Transitions: {} },
    ],
  };
}

function buildLink(Identifier: string, attribute: string, onError: string): object {
  return {
    Identifier,
    Type: "CreatePersistentContactAssociation",
    Parameters: { RehydrationType: "ENTIRE_PAST_SESSION", SourceContactId: `$.Attributes.${attribute}` },
    Transitions: {
      NextAction: "Go on to the queue",
      Errors: [{ NextAction: onError, ErrorType: "NoMatchingError" }],
    },
  };
}
