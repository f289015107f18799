import { describe, expect, it } from "vitest";
import { describeFilesAtAmazon, renderAmazonSteps } from "../../../src/cli/visitor/amazon-steps.ts";
import { record, visitorKey } from "./stand-in-services.ts";

const CONTACT_IDS = ["0e6c9d0a-52f4-4c43-8f0b-3f6a1d2c7b11", "7d1f1c52-9a35-4b0e-b7f5-2f4e6a9c0d22"];
const INSTANCE_ID = "5b6a2f0c-1d2e-4f3a-8b9c-0a1b2c3d4e5f";
const instance = { region: "eu-central-1", instanceId: INSTANCE_ID };
const visitor = { visitorKey, record, contactIds: CONTACT_IDS, contactHashes: record.owned, guests: [] };

const FILES = '--query "Contact.Recordings[].[Location,UnprocessedTranscriptLocation]"';
const commandFor = (contactId?: string) =>
  `aws connect describe-contact --region eu-central-1 --instance-id ${INSTANCE_ID} --contact-id ${contactId} ${FILES}`;

describe("describeFilesAtAmazon()", () => {
  it("has for each contact the command whose output names its files", () => {
    expect(describeFilesAtAmazon(CONTACT_IDS, instance).commands).toEqual(CONTACT_IDS.map(commandFor));
  });

  it("leaves the instance open where wrangler.toml does not name it, and the region to the AWS command line", () => {
    const { commands } = describeFilesAtAmazon(CONTACT_IDS.slice(1), { region: "", instanceId: "" });
    const [contactId] = CONTACT_IDS.slice(1);
    const open = `aws connect describe-contact --instance-id INSTANCE_ID --contact-id ${contactId} ${FILES}`;
    expect(commands).toEqual([open]);
  });

  it("has no command with an id that Amazon did not give, which a shell could obey", () => {
    const ids = ["chat-1; rm -rf ~", "--no-verify-ssl", `${CONTACT_IDS[0]}\n`, "$(id)", ""];
    expect(describeFilesAtAmazon(ids, instance).commands).toEqual([]);
  });

  it("names the originals that stay beside redacted transcripts", () => {
    expect(describeFilesAtAmazon([], instance).places.join()).toContain("Unprocessed<prefix>/");
  });
});

describe("renderAmazonSteps()", () => {
  const rendered = renderAmazonSteps(visitor, instance);

  it("has everything that describeFilesAtAmazon() names, with the contact ids first", () => {
    const { commands, places } = describeFilesAtAmazon(CONTACT_IDS, instance);
    const parts = [...CONTACT_IDS.map((id) => `contact id ${id}`), "and 1 older", ...places, ...commands];
    const positions = parts.map((part) => rendered.indexOf(part));
    expect(Math.min(...positions)).toBeGreaterThan(0);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  });

  it("says what to put into the commands where wrangler.toml does not name the instance", () => {
    expect(rendered).not.toContain("INSTANCE_ID");
    expect(renderAmazonSteps(visitor, { region: "", instanceId: "" })).toContain("(INSTANCE_ID: the end of");
  });

  it("speaks of no command where no contact id is known", () => {
    const unknown = renderAmazonSteps({ ...visitor, contactIds: [] }, instance);
    expect(unknown).not.toContain("aws connect describe-contact");
    expect(unknown).toContain("Unprocessed<prefix>/");
  });
});
