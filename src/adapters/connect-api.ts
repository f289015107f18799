import { AwsV4Signer } from "aws4fetch";
import * as v from "valibot";
import {
  type ContactAttributes,
  contactAttributesSchema,
  type DescribedContact,
  describedContactSchema,
  readContinuedFrom,
} from "../core/chat/ownership.ts";
import { associatedContactsSchema, decideSessionEnd, type SessionEnd } from "../core/chat/session-end.ts";
import { UUID } from "../core/widget/snippet.ts";
import { createCallPauses } from "./call-pauses.ts";
import { type Log } from "./log.ts";

/** AWS credentials for one Connect instance. */
export interface AwsAccess {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly instanceId: string;
}

/** The actions of Connect's API that this Worker takes, as IAM names them behind `connect:`. */
export type ConnectAction =
  | "DescribeContact"
  | "GetContactAttributes"
  | "ListAssociatedContacts"
  | "CreatePersistentContactAssociation"
  | "StopContact";

/**
 * Connect's answer: a value; `refused` where Connect refuses these contacts with this status; or `silent`, for a stable
 * reason: Connect is slow, down or busy, or denies the action.
 */
export type Reply<T> =
  | { readonly outcome: "answered"; readonly value: T }
  | { readonly outcome: "refused"; readonly status: number }
  | { readonly outcome: "silent"; readonly reason: string };

/** When a call is made, in seconds, and until when its answer counts. */
export interface Patience {
  readonly now: number;
  readonly signal: AbortSignal;
}

/**
 * Calls of Amazon Connect's API for single contacts. Each method makes at most one call, and none throws.
 *
 * Source: Amazon Connect API Reference, the actions of the same names.
 */
export interface ConnectApi {
  /** The value is `null` where Connect has no such contact. */
  describeContact(contactId: string, patience: Patience): Promise<Reply<DescribedContact | null>>;
  /** The value is `null` where Connect names no attributes. */
  getContactAttributes(contactId: string, patience: Patience): Promise<Reply<ContactAttributes | null>>;
  /** Whether the session that began with this contact is over. */
  listAssociatedContacts(contactId: string, patience: Patience): Promise<Reply<SessionEnd>>;
  /**
   * Links a new chat to a past one. The value is the contact that the chat continues from.
   *
   * @param clientToken The same for each call that must not have a second effect.
   */
  createPersistentContactAssociation(
    contactId: string,
    sourceContactId: string,
    clientToken: string,
    patience: Patience,
  ): Promise<Reply<string>>;
  stopContact(contactId: string, patience: Patience): Promise<Reply<null>>;
}

interface Dependencies {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly log: Log;
}

interface Call<T> {
  /** The contacts that the call names. */
  readonly contactIds: readonly string[];
  /** Below the API's host. */
  readonly path: string;
  /** Of a call that changes something; absent: it only reads. */
  readonly body?: Readonly<Record<string, string>>;
  readonly parse: (answer: unknown) => T;
}

/** Statuses by which Connect refuses the contacts, and not the call as such: none is there to be read. */
const READ_REFUSALS = [404];
/** The same for a change: one is unknown, over, still live or not ready. */
const CHANGE_REFUSALS = [400, 404, 409, 410];
const THROTTLED = "status-429";

const associationSchema = v.object({ ContinuedFromContactId: v.nullish(v.string()) });

/** Source: AWS Signature Version 4. */
export function createConnectApi(access: AwsAccess, { fetch, log }: Dependencies): ConnectApi {
  const { accessKeyId, secretAccessKey, region, instanceId } = access;
  const signing = { accessKeyId, secretAccessKey, region, service: "connect", cache: new Map<string, ArrayBuffer>() };
  const pauses = createCallPauses();

  const call = async <T>(
    action: ConnectAction,
    { body, contactIds, parse, path }: Call<T>,
    { now, signal }: Patience,
  ): Promise<Reply<T>> => {
    const beSilent = (reason: string): Reply<T> => {
      pauses.noteSilence(action, contactIds.join(), reason === THROTTLED, now);
      log.warn(toEvent(action), { action, reason, ...toAdvice(action, reason) });
      return { outcome: "silent", reason };
    };
    // Another text that a visitor reports could change the path of the signed call.
    if (!contactIds.every((contactId) => UUID.test(contactId))) {
      log.warn(toEvent(action), { action, reason: "contact-id" });
      return { outcome: "silent", reason: "contact-id" };
    }
    if (pauses.isPausing(action, now)) {
      log.debug(toEvent(action), { action, reason: "pausing" });
      return { outcome: "silent", reason: "pausing" };
    }
    try {
      const signer = new AwsV4Signer({
        ...signing,
        url: `https://connect.${region}.amazonaws.com${path}`,
        datetime: toAmzDate(now),
        ...(body !== undefined && {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        }),
      });
      const signed = await signer.sign();
      const response = await fetch(new Request(signed.url, { ...signed, signal, redirect: "manual" }));
      const { status } = response;
      if (status !== 200) await response.body?.cancel();
      if ((body === undefined ? READ_REFUSALS : CHANGE_REFUSALS).includes(status)) {
        pauses.noteAnswer(action);
        const [error = "unknown"] = /^\w{1,60}/.exec(response.headers.get("x-amzn-errortype") ?? "") ?? [];
        if (body !== undefined) log.info("connect.refused", { action, status, error });
        return { outcome: "refused", status };
      }
      if (status !== 200) return beSilent(`status-${status}`);
      const text = await response.text();
      // StopContact's answer has no body.
      const value = parse(text === "" ? {} : JSON.parse(text));
      pauses.noteAnswer(action);
      return { outcome: "answered", value };
    } catch (error) {
      return beSilent(error instanceof Error ? error.name : "fault");
    }
  };

  return {
    async describeContact(contactId, patience) {
      const reply = await call<DescribedContact>(
        "DescribeContact",
        {
          path: `/contacts/${instanceId}/${contactId}`,
          contactIds: [contactId],
          parse: (answer) => v.parse(describedContactSchema, answer),
        },
        patience,
      );
      return reply.outcome === "refused" ? { outcome: "answered", value: null } : reply;
    },
    getContactAttributes: (contactId, patience) =>
      call(
        "GetContactAttributes",
        {
          path: `/contact/attributes/${instanceId}/${contactId}`,
          contactIds: [contactId],
          parse: (answer) => v.parse(contactAttributesSchema, answer).Attributes ?? null,
        },
        patience,
      ),
    listAssociatedContacts: (contactId, patience) =>
      call(
        "ListAssociatedContacts",
        {
          path: `/contact/associated/${instanceId}?contactId=${contactId}&maxResults=100`,
          contactIds: [contactId],
          parse: (answer) => decideSessionEnd(v.parse(associatedContactsSchema, answer), contactId, patience.now),
        },
        patience,
      ),
    createPersistentContactAssociation: (contactId, sourceContactId, clientToken, patience) =>
      call(
        "CreatePersistentContactAssociation",
        {
          path: `/contact/persistent-contact-association/${instanceId}/${contactId}`,
          body: { ClientToken: clientToken, RehydrationType: "ENTIRE_PAST_SESSION", SourceContactId: sourceContactId },
          contactIds: [contactId, sourceContactId],
          parse: (answer) =>
            readContinuedFrom(v.parse(associationSchema, answer).ContinuedFromContactId) ?? sourceContactId,
        },
        patience,
      ),
    stopContact: (contactId, patience) =>
      call(
        "StopContact",
        {
          path: "/contact/stop",
          body: { ContactId: contactId, InstanceId: instanceId },
          contactIds: [contactId],
          parse: () => null,
        },
        patience,
      ),
  };
}

/** Names of events stay: DescribeContact was the only call once. */
function toEvent(action: ConnectAction): string {
  return action === "DescribeContact" || action === "GetContactAttributes" ? "owner.unknown" : "connect.unanswered";
}

function toAdvice(action: ConnectAction, reason: string): { readonly message?: string } {
  if (reason === "status-403") return { message: `Allow the Worker's AWS key connect:${action}: see npm run flow` };
  if (reason === THROTTLED) return { message: "Ask AWS for a higher quota, or make fewer calls from elsewhere" };
  return {};
}

function toAmzDate(now: number): string {
  return new Date(now * 1000).toISOString().replace(/[:-]|\.\d{3}/g, "");
}
