import * as v from "valibot";

// The part of the Amazon Connect Flow language that this project uses, as strict as AWS's reference.
// Source: Amazon Connect Developer Guide, "Actions in the Amazon Connect Flow Language" and the actions' own pages;
// Administrator Guide, "Flow block: Create persistent contact association".

const FORBIDDEN_CHARACTERS = /[%:(\\/)=$,;[\]{}]/;
const FORBIDDEN_NAMES = /^(?:__proto__|constructor|toString|valueOf|hasOwnProperty|isPrototypeOf)$/;
const MAX_WAIT_SECONDS = 604_800;

const identifier = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(50),
  v.check((text) => !FORBIDDEN_CHARACTERS.test(text) && !FORBIDDEN_NAMES.test(text), "forbidden identifier"),
);
const reference = v.pipe(v.string(), v.regex(/^\$\.Attributes\.[\w-]+$/, "expected one user-defined attribute"));
const waitSeconds = v.pipe(
  v.string(),
  v.check((text) => /^[1-9]\d*$/.test(text) && Number(text) <= MAX_WAIT_SECONDS, "expected seconds to wait"),
);

const empty = v.strictObject({});

/** Exactly these error branches: the console shows one arrow for each. */
function errors(...types: string[]) {
  const error = v.strictObject({ NextAction: v.string(), ErrorType: v.picklist(types) });
  const isComplete = (found: v.InferOutput<typeof error>[]) =>
    new Set(found.map(({ ErrorType }) => ErrorType)).size === types.length && found.length === types.length;
  return v.pipe(v.array(error), v.check(isComplete, `expected exactly the errors ${types.join(", ")}`));
}

function conditions(operands: v.GenericSchema<unknown, string>) {
  const condition = v.strictObject({ Operator: v.literal("Equals"), Operands: v.strictTuple([operands]) });
  return v.pipe(v.array(v.strictObject({ NextAction: v.string(), Condition: condition })), v.minLength(1));
}

function action<const Type extends string, Parameters extends v.GenericSchema, Transitions extends v.GenericSchema>(
  Type: Type,
  Parameters: Parameters,
  Transitions: Transitions,
) {
  return v.strictObject({ Identifier: identifier, Type: v.literal(Type), Parameters, Transitions });
}

const next = { NextAction: v.string() };
const actionSchema = v.variant("Type", [
  action(
    "Compare",
    v.strictObject({ ComparisonValue: reference }),
    v.strictObject({ ...next, Conditions: conditions(v.string()), Errors: errors("NoMatchingCondition") }),
  ),
  action(
    "Wait",
    v.strictObject({ TimeLimitSeconds: v.union([reference, waitSeconds]) }),
    v.strictObject({ ...next, Conditions: conditions(v.literal("WaitCompleted")), Errors: errors("NoMatchingError") }),
  ),
  action(
    "CreatePersistentContactAssociation",
    v.strictObject({
      RehydrationType: v.picklist(["ENTIRE_PAST_SESSION", "FROM_SEGMENT"]),
      SourceContactId: reference,
    }),
    v.strictObject({ ...next, Errors: errors("NoMatchingError") }),
  ),
  action(
    "UpdateContactTargetQueue",
    v.strictObject({ QueueId: v.pipe(v.string(), v.startsWith("arn:aws")) }),
    v.strictObject({ ...next, Errors: errors("NoMatchingError") }),
  ),
  action(
    "TransferContactToQueue",
    empty,
    v.strictObject({ ...next, Errors: errors("QueueAtCapacity", "NoMatchingError") }),
  ),
  action(
    "MessageParticipant",
    v.strictObject({ Text: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)) }),
    v.strictObject({ ...next, Errors: errors("NoMatchingError") }),
  ),
  action("DisconnectParticipant", empty, empty),
]);

const position = v.strictObject({ x: v.number(), y: v.number() });
const flowSchema = v.strictObject({
  Version: v.literal("2019-10-30"),
  StartAction: identifier,
  Metadata: v.strictObject({
    entryPointPosition: position,
    ActionMetadata: v.record(v.string(), v.looseObject({ position, isFriendlyName: v.literal(true) })),
    Annotations: v.strictTuple([]),
    name: v.string(),
    description: v.pipe(v.string(), v.maxLength(500)),
    type: v.literal("contactFlow"),
    status: v.picklist(["SAVED", "PUBLISHED"]),
    hash: empty,
  }),
  Actions: v.pipe(v.array(actionSchema), v.maxLength(250)),
});

export type FlowAction = v.InferOutput<typeof actionSchema>;
export type Flow = v.InferOutput<typeof flowSchema>;

/** @throws {v.ValiError} For a document that the console would not import. */
export function parseFlow(document: unknown): Flow {
  return v.parse(flowSchema, document);
}

/** The names of all actions that can follow. */
export function findTargets({ Transitions }: FlowAction): string[] {
  const branches = [
    ...("Conditions" in Transitions ? Transitions.Conditions : []),
    ...("Errors" in Transitions ? Transitions.Errors : []),
  ].map(({ NextAction }) => NextAction);
  return "NextAction" in Transitions ? [Transitions.NextAction, ...branches] : branches;
}

/** Problems between the actions: each action alone is right. */
export function findProblems(flow: Flow): string[] {
  const actions = new Map(flow.Actions.map((action) => [action.Identifier, action]));
  const reached = new Set<string>();
  const problems: string[] = [];
  const visit = (name: string, path: readonly string[]) => {
    if (path.includes(name)) problems.push(`loop at ${name}`);
    if (reached.has(name)) return;
    reached.add(name);
    const action = actions.get(name);
    if (action === undefined) problems.push(`no action ${name}`);
    else for (const target of findTargets(action)) visit(target, [...path, name]);
  };
  visit(flow.StartAction, []);
  const names = flow.Actions.map(({ Identifier }) => Identifier);
  const described = Object.keys(flow.Metadata.ActionMetadata);
  return [
    ...problems,
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is there twice`),
    ...names.filter((name) => !reached.has(name)).map((name) => `nothing leads to ${name}`),
    ...names.filter((name) => !described.includes(name)).map((name) => `no metadata of ${name}`),
    ...described.filter((name) => !names.includes(name)).map((name) => `metadata of ${name}, which is not there`),
    ...(JSON.stringify(flow).includes("arn:") ? ["refers to a resource of an instance"] : []),
  ];
}
