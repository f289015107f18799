import { randomUUID } from "node:crypto";
import { defaultQuotas, type Quota } from "../aws/default-quotas.ts";
import { buildBuiltInFlow } from "../flow/built-in-flow.ts";
import { type ServiceAccess, toArn } from "./access.ts";

/** Source: Amazon Connect API Reference, "ContactFlow" (Type, State). */
export const flowTypes = [
  "CONTACT_FLOW",
  "CUSTOMER_QUEUE",
  "CUSTOMER_HOLD",
  "CUSTOMER_WHISPER",
  "AGENT_HOLD",
  "AGENT_WHISPER",
  "OUTBOUND_WHISPER",
  "AGENT_TRANSFER",
  "QUEUE_TRANSFER",
  "CAMPAIGN",
] as const;
export const flowStates = ["ACTIVE", "ARCHIVED"] as const;

export interface ConsoleFlow {
  id: string;
  name: string;
  type: (typeof flowTypes)[number];
  state: (typeof flowStates)[number];
  description: string;
  tags: Record<string, string>;
  /** The flow's JSON as it was saved last. */
  saved: string;
  /** The flow's JSON that new chats run; `null` before it is published. */
  published: string | null;
}

export interface ConsoleInstance {
  id: string;
  alias: string;
  status: "ACTIVE" | "CREATION_IN_PROGRESS" | "CREATION_FAILED";
}

export interface ConsoleQueue {
  id: string;
  name: string;
  type: "STANDARD" | "AGENT";
}

/** What the owner has set up at AWS. Everything may be changed, and takes effect from the next call or chat on. */
export interface AwsConsole {
  /** All instances in the region. Only the one that the Worker's key is for has anything else. */
  instances: ConsoleInstance[];
  /** S3 buckets for chat transcripts. None: transcripts are switched off. */
  transcriptBuckets: string[];
  queues: ConsoleQueue[];
  flows: ConsoleFlow[];
  /** The flow that the widget runs. Where it is not there, or not published, the built-in one runs. */
  widgetFlowId: string;
  quotas: Quota[];
  /** What the policy of the Worker's key allows, such as `connect:DescribeContact`; `null`: all that it needs. */
  workerPolicy: string[] | null;
  /** What the owner's login may not do, such as `connect:ListInstances` or `iam:SimulatePrincipalPolicy`. */
  deniedToOwner: Set<string>;
  /** Whether the session of the owner's login has expired. */
  isOwnerExpired: boolean;
}

/** An instance with one queue, one bucket for transcripts, and the flow that the widget runs. */
export function createConsole(access: ServiceAccess, contactAttribute: string): AwsConsole {
  const queue: ConsoleQueue = { id: "5d1b9a52-7f0c-4a63-9c1e-2f4b8f6a7d10", name: "BasicQueue", type: "STANDARD" };
  const content = JSON.stringify(buildBuiltInFlow(contactAttribute, toArn(access, "queue", queue.id)));
  const flow = { ...buildFlow("Shop chat", content), id: "0f6c3f0a-52b7-4c1d-8e0b-6a1d3c9e7b24", published: content };
  return {
    instances: [{ id: access.instanceId, alias: "shop", status: "ACTIVE" }],
    transcriptBuckets: ["amazon-connect-shop"],
    queues: [queue],
    flows: [flow],
    widgetFlowId: flow.id,
    quotas: structuredClone([...defaultQuotas]),
    workerPolicy: null,
    deniedToOwner: new Set(),
    isOwnerExpired: false,
  };
}

/** A flow of the type that a chat starts in, saved and not published. */
export function buildFlow(name: string, saved: string): ConsoleFlow {
  const id = randomUUID();
  return { id, name, type: "CONTACT_FLOW", state: "ACTIVE", description: "", tags: {}, saved, published: null };
}

/** @param name A queue's id or ARN. */
export function findQueue({ queues }: AwsConsole, access: ServiceAccess, name: string): ConsoleQueue | null {
  return queues.find(({ id }) => name === id || name === toArn(access, "queue", id)) ?? null;
}
