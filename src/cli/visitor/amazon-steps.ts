import { UUID } from "../../core/widget/snippet.ts";
import { toPrintableLine } from "../shared/printable.ts";
import { type StoredVisitor } from "./stored-visitor.ts";

/** The Connect instance as wrangler.toml names it; empty where it does not. */
export interface NamedInstance {
  readonly region: string;
  readonly instanceId: string;
}

/** Where a visitor's chats are at Amazon after they were forgotten here. */
export interface FilesAtAmazon {
  readonly places: readonly string[];
  /** For each contact, the command whose output names the contact's files. */
  readonly commands: readonly string[];
}

const PLACES = [
  'Transcripts: in the S3 bucket under "Data storage" of your instance, with the contact id in the file\'s name.',
  "Originals of redacted or processed messages: in that bucket, in the folder Unprocessed<prefix>/ beside <prefix>/.",
  "Copies by Contact Lens: in that bucket, under Analysis/Chat and Analysis/Chat/Redacted.",
  'Attachments: in the S3 bucket for attachments, also under "Data storage".',
];

/** Explains a command where the instance is not known. */
const OPEN = " (INSTANCE_ID: the end of the instance's ARN)";

/**
 * The places where Amazon keeps files of contacts, and commands that tell which files.
 *
 * @param contactIds Also ids that are not Amazon's: a visitor may have reported any text, and a shell could obey it.
 * Source: Amazon Connect Administrator Guide, "Output file locations for Contact Lens", "Enable in-flight sensitive data
 * redaction and message processing"; Amazon Connect API, RecordingInfo.
 */
export function describeFilesAtAmazon(contactIds: readonly string[], instance: NamedInstance): FilesAtAmazon {
  const ids = contactIds.filter((contactId) => UUID.test(contactId));
  return { places: PLACES, commands: ids.map((contactId) => toCommand(contactId, instance)) };
}

function toCommand(contactId: string, { region, instanceId }: NamedInstance): string {
  return [
    "aws connect describe-contact",
    ...(region === "" ? [] : [`--region ${region}`]),
    `--instance-id ${instanceId || "INSTANCE_ID"}`,
    `--contact-id ${contactId}`,
    '--query "Contact.Recordings[].[Location,UnprocessedTranscriptLocation]"',
  ].join(" ");
}

/**
 * What Amazon still holds of a visitor, and how to erase it there.
 *
 * Source: as above, and Amazon Connect Administrator Guide, "Search for contacts"; Amazon Connect API,
 * UpdateContactAttributes, ListAssociatedContacts.
 */
export function renderAmazonSteps(
  { visitorKey, contactIds, contactHashes, guests }: StoredVisitor,
  instance: NamedInstance,
): string {
  const unnamed = contactHashes.length - contactIds.length;
  const { commands, places } = describeFilesAtAmazon(contactIds, instance);
  return [
    "Amazon keeps its data until you erase it there:",
    ...contactIds.map((contactId) => `  contact id ${toPrintableLine(contactId)}`),
    ...(unnamed > 0
      ? [
          `  and ${unnamed} older, whose ids are no longer stored here: search Connect's contacts for the visitor attribute`,
          `  (persistentChatVisitor, unless you named it otherwise) = ${visitorKey}`,
          ...guests.map((guest) => `  or, for chats from before a sign-in, = ${guest.visitorKey}`),
        ]
      : []),
    ...places.map((place) => `- ${place}`),
    ...(commands.length > 0
      ? [
          `- Amazon names the files of each contact, transcripts and originals${instance.instanceId === "" ? OPEN : ""}:`,
          ...commands.map((command) => `  ${command}`),
        ]
      : []),
    "- Transfers and surveys make more contacts, with files of their own. To list them:",
    "  aws connect list-associated-contacts",
    "- Contact records cannot be deleted; they expire after 24 months. To empty the attributes you set in them:",
    "  aws connect update-contact-attributes",
    "",
  ].join("\n");
}
