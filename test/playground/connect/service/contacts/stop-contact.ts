import { fail, succeed } from "../answer.ts";
import { type Operation, readText, refuseContactId } from "../operation.ts";

/**
 * A chat that has ended is stopped again without an error: chats can be stopped "in any state".
 *
 * What becomes of a session that goes on in another contact than the given one is not documented; here: it ends.
 *
 * Source: Amazon Connect API Reference, "StopContact"; Administrator Guide, "API throttling quotas".
 */
export const stopContact: Operation = {
  method: "POST",
  path: /^\/contact\/stop$/,
  body: ["ContactId", "InstanceId", "DisconnectReason"],
  perSecond: 10,
  burst: 15,
  run(parameters, { contacts, now }) {
    const refusal = refuseContactId(parameters, "ContactId");
    if (refusal !== null) return refusal;
    if (parameters["DisconnectReason"] !== undefined) {
      return fail("InvalidRequestException", "Only outbound campaigns can provide a DisconnectReason.");
    }
    const contact = contacts.find(readText(parameters, "ContactId"), now());
    if (contact === null) return fail("ContactNotFoundException", "The contact was not found.");
    contacts.end(contact.contactId, "The chat was stopped.", now());
    // The documented body is empty: no JSON.
    return succeed("");
  },
};
