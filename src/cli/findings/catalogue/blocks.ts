/** Findings that make the verdict bad, in the order in which to fix them. */
export const BLOCKS = {
  "settings-invalid": {
    what: "The settings in wrangler.toml and .dev.vars cannot be used: no chat would start, and pages would stay as they are.",
    todo: "Fix the settings below. npm run setup checks each answer at once.",
  },
  "no-page": {
    what: "No page that was looked at would get the chat.",
    todo: "Each reason is listed below, with what to do.",
  },
  "not-https": {
    what: "The site is served without https: browsers then keep none of the Worker's cookies, so no conversation is continued.",
    todo: "Switch on Always Use HTTPS in the Cloudflare dashboard (SSL/TLS, Edge Certificates).",
  },
  "not-live": {
    what: "No Worker answers at this address, and --live says that one should.",
    todo: "Check that the Route in wrangler.toml covers this address and that its DNS record is Proxied; then repeat.",
  },
  misconfigured: {
    what: "The live Worker says that its settings are wrong: it leaves the site's pages as they are.",
    todo: "Run npx wrangler tail and open /_chat/health: each wrong setting is logged as settings.invalid. Fix them and deploy again.",
  },
  "existing-widget": {
    what: "Pages carry an Amazon Connect widget of their own: the Worker's script would find that widget and do nothing.",
    todo: "Set WIDGET_SNIPPET to the word page and WIDGET_ID to that widget's id: the Worker then adds its part to the widget in the page.",
  },
  "widget-missing": {
    what: "WIDGET_SNIPPET is page, and no page that was looked at carries a widget.",
    todo: "Put the snippet from the Connect console into WIDGET_SNIPPET, or name a page that has the widget.",
  },
  "widget-script": {
    what: "The live site does not serve widget.js as JavaScript.",
    todo: "Let all requests below CHAT_PATH reach the Worker: look for a redirect, a cache or firewall rule, or another Worker's Route.",
  },
  "token-refused": {
    what: "The live site gives no token, so no chat starts.",
    todo: 'With an error code, the Worker refused: see .github/OPERATING.md, "Routes". Without one, a firewall rule or a challenge blocks /_chat/token: exempt that path.',
  },
  "token-lifetime": {
    what: "The token lives longer than the 10 minutes that Amazon Connect accepts.",
    todo: "Set TOKEN_TTL_SECONDS to 600 or less, and look for a cache or proxy that changes answers.",
  },
  "token-attributes": {
    what: "The token lacks contact attributes that the contact flow reads: anyone could forge a missing one.",
    todo: "Use the same CONTACT_ATTRIBUTE and VISITOR_ATTRIBUTE here, in the live Worker and in the contact flow; deploy again.",
  },
  "other-widget": {
    what: "The live Worker signs tokens for another widget than the one in .dev.vars.",
    todo: "Put the right snippet into the live Worker: npx wrangler secret put WIDGET_SNIPPET.",
  },
  "clock-skew": {
    what: "The token's time and the live site's clock differ: Amazon Connect refuses a token whose time is wrong.",
    todo: "Look for a cache in front of /_chat/token: its answers must never be stored.",
  },
  "report-refused": {
    what: "The live site refuses the report of a new chat: no conversation would be continued.",
    todo: "STORE_UNAVAILABLE: look at the KV namespace VISITORS in the dashboard. Without an error code, exempt /_chat/contacts from firewall rules.",
  },
  "security-not-enforced": {
    what: "Amazon Connect started a chat without a valid token: anyone can forge whose conversation is continued.",
    todo: "In the Connect console, on the widget's page, enable security for new chats, and copy the snippet again.",
  },
  "not-on-allow-list": {
    what: "Amazon Connect refuses to start a chat (400): this site's address is not one of the widget's domains, or the snippet was changed.",
    todo: "In the Connect console, on the widget's page, add the site's exact address, with https://. If it is there, copy the snippet again. If a chat starts in a browser all the same, Amazon has changed the form of this call: then ignore this finding.",
  },
  "widget-unknown": {
    what: "Amazon Connect does not know the widget in the snippet, or the widget has no contact flow.",
    todo: "Copy the snippet again from the Connect console; the widget may have been deleted. If it is there, choose a published flow in its settings.",
  },
  "aws-refused": {
    what: "Amazon refuses the AWS key an action without which no conversation is continued.",
    todo: "Attach .connect/iam-policy.json (npm run flow writes it) to the key's user. If Amazon refuses every action, also check the key, CONNECT_REGION and CONNECT_INSTANCE_ID.",
  },
  "instance-differs": {
    what: "wrangler.toml names another Connect instance or region than the one that was looked at.",
    todo: "Set in wrangler.toml what is named above and deploy, or look at the other instance with --instance and --region.",
  },
  "transcripts-off": {
    what: "The instance keeps no chat transcripts: without them, Connect has no past conversation to show.",
    todo: "In the AWS console, on the instance's page, switch on chat transcripts under Data storage. Only chats after that can be continued.",
  },
  "transcripts-in-several-buckets": {
    what: "The instance keeps chat transcripts in several S3 buckets: Connect then continues no chat, and reports no error.",
    todo: "In the AWS console, on the instance's page, under Data storage, keep chat transcripts in one bucket.",
  },
  "flow-unfit": {
    what: "The flow that --flow names cannot be the contact flow of a chat widget.",
    todo: "Name with --flow the published flow that the widget's settings name, or leave --flow out.",
  },
  "flow-missing": {
    what: "No published contact flow has a block that links a past chat: with LINK_BY=flow, no conversation is continued.",
    todo: "Run npm run connect -- install, and choose that flow in the widget's settings.",
  },
  "flow-unseen": {
    what: "No contact flow that links a past chat could be read: whether one works is not known.",
    todo: "Allow your AWS login to read the flows (npm run connect -- check --print-policy prints how), and repeat. Or look at the flow in the Connect console, and run npm run connect -- rehearse.",
  },
  "flow-unpublished": {
    what: "A flow with the blocks is saved, but was never published: no chat can take it.",
    todo: "In the Connect console, publish it.",
  },
  "flow-without-blocks": {
    what: "The flow has no block that links a past chat: with LINK_BY=flow, it continues no conversation.",
    todo: "Run npm run connect -- install --into <flow>.",
  },
  "flow-cuts-off": {
    what: "The flow ends the chat of some visitors, and no way leads them to an agent.",
    todo: "In the flow, let the branch above lead on towards the queue, not to the end of the chat, and publish.",
  },
  "flow-overwrites": {
    what: "The flow sets an attribute that the Worker's token has set: then no chat is continued, or a wrong one.",
    todo: "In the flow, give that block an attribute of another name, and publish.",
  },
  "flow-not-linking": {
    what: "The chat of a visitor with a past conversation never reaches a block that links it.",
    todo: 'In the flow, let the way above go through the link block before it ends, and publish. See README.md, "The contact flow in Connect".',
  },
  "flow-source": {
    what: "The flow continues another chat than the newest one, or none: its link block reads the wrong contact id.",
    todo: "In the flow, set the source of the link block to the attribute named above, or CONTACT_ATTRIBUTE to the flow's own name for it.",
  },
  "flow-type-missing": {
    what: "A link block has no rehydration type: Connect takes its Error branch, and continues nothing.",
    todo: "In the flow, open the block, choose Entire past session, and publish.",
  },
  "flow-dead-end": {
    what: "A branch of a block that continues a past chat leads nowhere: the chat stops there.",
    todo: "In the flow, connect the branch to the block that comes next, and publish.",
  },
  "flow-circle": {
    what: "A way through the flow comes back to a block that waits for or links a past chat: the chat goes round in circles.",
    todo: "In the flow, let each branch of the block lead on towards the queue, and publish.",
  },
} as const;
