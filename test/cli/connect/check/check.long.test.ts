import { describe, expect, it } from "vitest";
import { access, accessSettings, ownerAccess, securityKey } from "../../../playground/playground.ts";
import { buildFlow } from "../../../playground/connect/console/aws-console.ts";
import { delivered, NEWEST, withBlock } from "./flow/flows.ts";
import { useChecks } from "./use-check.ts";

const here = useChecks();
const broken = JSON.stringify(
  withBlock(NEWEST, ({ Parameters }) => ({ Parameters: { ...Parameters, SourceContactId: "$.Attributes.past" } })),
);
const unguarded = JSON.stringify({ ...delivered, StartAction: NEWEST });
const empty = JSON.stringify({ ...delivered, StartAction: "End the chat", Actions: delivered.Actions.slice(-1) });

/** The one flow at Connect. */
function publish(published: string | null, saved = published ?? empty): void {
  here.connect.console.flows = [{ ...buildFlow("Main", saved), published }];
}

describe("npm run connect -- check", () => {
  it("finds nothing in a good set-up, changes nothing, and sends at most 2 requests a second", async () => {
    const times: number[] = [];
    const { ownerCalls } = here.connect;
    const push = ownerCalls.push.bind(ownerCalls);
    ownerCalls.push = (...calls) => {
      times.push(performance.now());
      return push(...calls);
    };
    const { code, err, out } = await here.run();
    Reflect.deleteProperty(ownerCalls, "push");
    expect(code).toBe(0);
    expect(out).toBe(`Ready: Amazon Connect's side fits this Worker (LINK_BY=flow).
Instance shop in eu-central-1, account 123456789012.

  chat transcripts: one bucket, amazon-connect-shop
  flow "Shop chat": each way to an agent goes through the link
  the Worker's AWS key (user/persistent-chat): may do what these settings need
  quotas: 500 chats at the same time, 5 StartChatContact a second, 10 DescribeContact a second, 10 GetContactAttributes a second
  the widget: takes the page ${here.playground.worker.origin} and the snippet, and starts no chat without a valid token

`);
    expect(err).toContain("Flow 1 of 1: Shop chat");
    const secrets = [securityKey, accessSettings.AWS_SECRET_ACCESS_KEY, ownerAccess.secretAccessKey];
    for (const secret of secrets) expect(out + err).not.toContain(secret);
    expect(ownerCalls.length).toBeGreaterThan(7);
    expect(ownerCalls.filter((name) => !/:(?:List|Describe|Get|Simulate)/.test(name))).toEqual([]);
    expect(here.connect.contacts()).toEqual([]);
    const [first = 0, last = 0] = [times[0], times.at(-1)];
    expect(last - first).toBeGreaterThan((times.length - 1) * 500 - 100);
  });

  it("finds several faults in one run, and ends the chat that Connect should not have started", async () => {
    const { connect } = here;
    connect.console.transcriptBuckets = [];
    connect.console.quotas = connect.console.quotas.map((quota) => Object.assign(quota, { value: 1 }));
    connect.console.workerPolicy = ["connect:DescribeContact", "connect:ListAssociatedContacts"];
    connect.switches.nullToken = "starts-without";
    publish(broken);
    connect.console.flows.push({ ...buildFlow("Odd", "[]"), published: "[]" });
    const { code, findings, verdict } = await here.see();
    expect({ code, isFine: verdict.isFine }).toEqual({ code: 1, isFine: false });
    expect(findings.map((finding) => finding.code)).toEqual([
      "security-not-enforced",
      "transcripts-off",
      "flow-source",
      "aws-actions-missing",
      "flow-unreadable",
      "quota-low",
    ]);
    expect(findings[0]?.details).toEqual(["The chat that was started was ended at once."]);
    expect(findings[2]?.details).toEqual([
      `flow "Main": "${NEWEST}": found $.Attributes.past, expected $.Attributes.contactId`,
    ]);
    expect(findings[3]?.details.join("")).toContain("connect:GetContactAttributes (policy)");
    const contacts = connect.contacts();
    expect(contacts.map(({ endedAt }) => endedAt !== null)).toEqual([true]);
    for (const { contactId } of contacts) expect(JSON.stringify(findings)).not.toContain(contactId);
  });

  it("tries the key itself where it may not simulate; finds what was not published, two buckets and a foreign page", async () => {
    const { connect } = here;
    connect.console.transcriptBuckets = ["one", "two"];
    connect.console.deniedToOwner = new Set(["iam:SimulatePrincipalPolicy"]);
    connect.actionHealth.set("DescribeContact", "denies");
    publish(null, JSON.stringify(delivered));
    const { findings } = await here.see({ site: "https://forgotten.example" });
    expect(findings.map((finding) => finding.code)).toEqual([
      "not-on-allow-list",
      "aws-refused",
      "transcripts-in-several-buckets",
      "flow-unpublished",
      "not-looked-at",
    ]);
    expect(findings[1]?.details[0]).toContain("connect:DescribeContact (status-403)");
    expect(findings[4]?.details).toEqual([
      "whether the Worker's AWS key may do too much: allow iam:SimulatePrincipalPolicy",
    ]);
    const byWorker = here.connect.serviceCalls.map(({ action }) => action);
    expect(byWorker).toContain("ListAssociatedContacts");
    expect(byWorker).not.toContain("StopContact");
  });

  it("finds blocks that were saved and not published, and a wrong key of the Worker's", async () => {
    publish(empty, JSON.stringify(delivered));
    const { findings } = await here.see({
      secrets: { AWS_SECRET_ACCESS_KEY: "another", WIDGET_SECURITY_KEY: undefined },
    });
    expect(findings.map(({ code, details }) => [code, details])).toEqual([
      ["aws-refused", ["AWS does not know the key in .dev.vars, or its secret is wrong"]],
      ["flow-unpublished", ['flow "Main"']],
    ]);
  });

  it("finds a flow that links beside the Worker, and says what it could not ask", async () => {
    publish(unguarded, JSON.stringify(delivered));
    const keys = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
    const seen = await here.see({
      vars: { LINK_BY: "worker", CONNECT_REGION: "eu-west-2" },
      args: ["--region", access.region],
      secrets: { ...keys, WIDGET_SNIPPET: undefined },
    });
    expect(seen.findings.map(({ code, details }) => [code, details])).toEqual([
      ["instance-differs", ['CONNECT_REGION = "eu-central-1", found "eu-west-2"']],
      ["flow-saved-differs", ['flow "Main"']],
      ["flow-links-too", [`flow "Main": "${NEWEST}"`]],
      ["start-call-not-asked", ["there is no snippet in .dev.vars: npm run setup asks for it"]],
      ["aws-key-not-here", []],
    ]);
  });

  it("names each permission that is missing, looks at the rest, and says that it saw less", async () => {
    const actions = [
      "connect:ListInstanceStorageConfigs",
      "connect:DescribeContactFlow",
      "servicequotas:ListServiceQuotas",
    ];
    here.connect.console.deniedToOwner = new Set(actions);
    const { code, facts, findings, verdict } = await here.see();
    expect({ code, text: verdict.text }).toEqual({
      code: 1,
      text: "Not checked: No contact flow that links a past chat could be read: whether one works is not known.",
    });
    expect(findings).toMatchObject([
      { code: "flow-unseen" },
      {
        code: "not-looked-at",
        details: [
          "the chat transcripts: allow connect:ListInstanceStorageConfigs",
          "the contact flows: allow connect:DescribeContactFlow",
          "the quotas: allow servicequotas:ListServiceQuotas",
        ],
      },
    ]);
    expect(facts).toHaveLength(2);
  });

  it("refuses a flow that is not there", async () => {
    const { code, err, out } = await here.run({ args: ["--flow", "Nope"] });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain('--flow: the instance has no flow "Nope", but "Shop chat".');
  });

  it.each([
    ["archived", ["--flow", "Main"], '"Main" is archived'],
    [
      "a module",
      ["--flow", `arn:aws:connect:eu-central-1:123456789012:instance/${access.instanceId}/flow-module/1`],
      "It is a module",
    ],
  ])("says in one sentence that the named flow is %s", async (_what, args, sentence) => {
    publish(JSON.stringify(delivered));
    for (const flow of here.connect.console.flows) flow.state = "ARCHIVED";
    const { code, findings } = await here.see({ args });
    expect(code).toBe(1);
    expect(findings).toMatchObject([{ code: "flow-unfit", details: [expect.stringContaining(sentence)] }]);
  });
});

describe("npm run connect -- check without a way to AWS", () => {
  const noLogin = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };
  const otherAccount = `arn:aws:connect:eu-central-1:210987654321:instance/${access.instanceId}`;

  it.each<[string, Parameters<typeof here.run>[0], unknown, RegExp]>([
    ["no login", { env: noLogin }, 1, /^No AWS login was found: .*--profile\.\n$/],
    [
      "the Worker's key as the login",
      { env: { AWS_ACCESS_KEY_ID: access.accessKeyId } },
      2,
      /^This AWS login is the Worker's own key/,
    ],
    [
      "an instance of another account",
      { args: ["--instance", otherAccount] },
      2,
      /^--instance: it is of the account 210987654321/,
    ],
    [
      "another region",
      { args: ["--region", "eu-west-2"] },
      2,
      /^--instance: this account has no instance .* in eu-west-2/,
    ],
    ["no region", { vars: { CONNECT_REGION: undefined } }, 1, /^No region is set: give --region/],
  ])("ends with one sentence: %s", async (_what, setting, expectedCode, sentence) => {
    const { code, err, out } = await here.run(setting);
    expect({ code, out }).toEqual({ code: expectedCode, out: "" });
    expect(err).toMatch(sentence);
  });

  it("ends with one sentence: an expired login", async () => {
    here.connect.console.isOwnerExpired = true;
    const { code, err, out } = await here.run();
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^The AWS login has expired: log in again, .*\n$/);
  });
});

describe("npm run connect -- check --print-policy", () => {
  it("prints the six actions that the owner's login needs, and asks AWS nothing", async () => {
    const { code, out } = await here.run({ args: ["--print-policy"] });
    expect(code).toBe(0);
    expect(JSON.parse(out).Statement).toMatchObject([{ Effect: "Allow", Action: { length: 6 } }]);
    expect(here.connect.ownerCalls).toHaveLength(0);
  });
});
