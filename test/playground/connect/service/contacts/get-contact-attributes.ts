import { fail, succeed } from "../answer.ts";
import { type Operation, readText, refuseContactId } from "../operation.ts";

/** Source: Amazon Connect API Reference, "GetContactAttributes"; Administrator Guide, "API throttling quotas". */
export const getContactAttributes: Operation = {
  method: "GET",
  path: /^\/contact\/attributes\/(?<InstanceId>[^/]+)\/(?<InitialContactId>[^/]+)$/,
  perSecond: 10,
  burst: 15,
  run(parameters, { contacts, now }) {
    const refusal = refuseContactId(parameters, "InitialContactId", "InvalidRequestException");
    if (refusal !== null) return refusal;
    const contact = contacts.find(readText(parameters, "InitialContactId"), now());
    if (contact === null) return fail("ResourceNotFoundException", "Contact not found.");
    return succeed({ Attributes: contact.attributes });
  },
};
