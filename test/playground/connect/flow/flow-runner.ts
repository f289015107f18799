import { type ServiceAccess } from "../console/access.ts";
import { type AwsConsole, findQueue } from "../console/aws-console.ts";
import type { Associate } from "../contacts/association.ts";
import type { Contact } from "../contacts/contact.ts";
import type { Contacts } from "../contacts/contacts.ts";
import type { Switches } from "../switches.ts";
import { type FlowDocument, readFlow } from "./flow-document.ts";
import { FlowWaits } from "./flow-waits.ts";
import { runFlow } from "./run-flow.ts";

export interface FlowRunner {
  /** Runs the widget's flow for a new chat. */
  start(contact: Contact): Promise<void>;
  /** Must be called when a customer has written. */
  customerWrote(contactId: string): void;
  close(): void;
}

/** Runs the flow that the widget has, for one chat after the other. */
export function createFlowRunner(deps: {
  access: ServiceAccess;
  console: AwsConsole;
  contacts: Contacts;
  switches: Switches;
  associate: Associate;
  now: () => number;
}): FlowRunner {
  const { access, associate, console, contacts, now, switches } = deps;
  const waits = new FlowWaits(switches);
  const builtIn = findWidgetFlow(console);

  return {
    async start(contact) {
      const { contactId } = contact;
      // The start call is answered first: Connect too links a chat only after it has started.
      await waits.wait(contactId, 0);
      const flow = findWidgetFlow(console) ?? builtIn;
      if (flow === null) throw new Error("Cannot run the widget's flow: there is none");
      const input = {
        attributes: contact.attributes,
        rehydrationTypeForm: switches.rehydrationTypeForm,
        findQueue: (queue: string) => findQueue(console, access, queue)?.name ?? null,
      };
      await runFlow(flow, input, {
        note: (words) => contacts.note(contact, words),
        wait: (seconds) => waits.wait(contactId, seconds),
        isLive: () => contacts.openSegment(contact) !== null,
        link: (source, rehydrationType) => associate(contact, { source, rehydrationType, clientToken: null }),
        say: (text) => contacts.say(contactId, "system", text, now()),
        disconnect: () => contacts.end(contactId, "The flow has ended the chat.", now()),
      });
      contacts.endFlow(contact);
    },
    customerWrote: (contactId) => waits.customerWrote(contactId),
    close: () => waits.close(),
  };
}

function findWidgetFlow({ flows, widgetFlowId }: AwsConsole): FlowDocument | null {
  const found = flows.find(({ id }) => id === widgetFlowId);
  return found === undefined || found.published === null ? null : readFlow(found.published);
}
