/** Findings that keep the chat from some pages or visitors, in the order in which to fix them. */
export const WARNS = {
  "custom-start": {
    what: "The snippet or a page sets customStartChat, so that the site's own back end starts the chats: the widget then asks for no token, and no chat is recorded or continued.",
    todo: "Remove customStartChat, so that the widget starts the chats. Attributes that the back end adds can go into the token of an authenticate of your own.",
  },
  "own-tag-missing": {
    what: "No Route leads these pages to the Worker, and they do not have the tag: they have no chat.",
    todo: 'Write the tag into their head, or add a Route for them. See .github/OPERATING.md, "The tag by hand".',
  },
  "own-tag-wrong": {
    what: "Something is wrong with the tag that you have written into these pages.",
    todo: "Write the right one, shown above, once in each page that is to have the chat.",
  },
  "policies-lack": {
    what: "Their Content-Security-Policy lacks sources that the chat needs. The Worker cannot add them: no Route leads these pages to it.",
    todo: "Add the sources named above to the policy. With CONNECT_REGION set, connect-src needs only that region's hosts.",
  },
  "sign-out-unseen": {
    what: "No Route leads these SIGN_OUT_PATHS to the Worker: a request for them signs nobody out of the chat.",
    todo: "Add a Route to wrangler.toml for each of them, such as www.example.com/logout*.",
  },
  "csp-strict-dynamic": {
    what: "Their policy has 'strict-dynamic' without a nonce: no script from outside the page can run.",
    todo: "Give the policy's script-src a nonce on these pages; the Worker uses it.",
  },
  "csp-style-hashes": {
    what: "Their policy allows inline styles by hash only: it would forbid the widget's styles.",
    todo: "Give the policy's style-src a nonce on these pages.",
  },
  "csp-trusted-types": {
    what: "Their policy has require-trusted-types-for 'script': Amazon's loader cannot run under it.",
    todo: "Remove that directive on these pages, or do without the chat there.",
  },
  "csp-no-script": {
    what: "Their policy allows no script at all: the Worker's would be the only script there.",
    todo: "Nothing, if you want that, as for uploaded files. If not, name the sources of your scripts in script-src.",
  },
  "csp-unreadable": {
    what: "Their policy has a character that browsers read differently, or a <meta> has a character reference that the Worker does not know.",
    todo: "Write the policy in printable ASCII. In a <meta>, use only character references of HTML's syntax, such as &#39;.",
  },
  "csp-sandbox": {
    what: "Their policy has sandbox: the chat cannot work there.",
    todo: "Remove that directive on these pages, or do without the chat there.",
  },
  coep: {
    what: "They send Cross-Origin-Embedder-Policy: require-corp: Amazon's script could not be loaded.",
    todo: "Send credentialless in its place, or leave the header out on these pages.",
  },
  "integrity-policy": {
    what: "They send Integrity-Policy for scripts: browsers would refuse the Worker's script and Amazon's, which have no hash.",
    todo: "Leave the header out on these pages, or do without the chat there.",
  },
  encoding: {
    what: "They come in an encoding that was not asked for: the Worker can only read gzip and br.",
    todo: "Let the origin compress with gzip or br, and only with an encoding that Accept-Encoding names.",
  },
  charset: {
    what: "Their charset is UTF-16, ISO-2022-JP or unknown: the tag's bytes would mean something else there.",
    todo: "Serve them as UTF-8.",
  },
  "late-charset": {
    what: "Their <meta charset> comes so late that, after the tag, browsers would not find it.",
    todo: "Name the charset in the Content-Type header, or put <meta charset> first in the head.",
  },
  "no-transform": {
    what: "Cache-Control: no-transform forbids any change to them.",
    todo: "Remove no-transform from pages.",
  },
  download: {
    what: "They are sent as files to save (Content-Disposition: attachment).",
    todo: "Nothing, if you want that. If not, remove the header.",
  },
  amp: {
    what: "They are AMP pages, which forbid other scripts.",
    todo: "Nothing: AMP allows no chat.",
  },
  "content-type": {
    what: "They are XHTML: a tag in them could break the page.",
    todo: "Serve them as text/html.",
  },
  "not-html": {
    what: "They are called text/html, but begin with something else.",
    todo: "Send the right Content-Type. Serve UTF-16 pages as UTF-8.",
  },
  empty: {
    what: "They are called text/html, but are empty.",
    todo: "Nothing, if nobody needs to see them.",
  },
  "no-head-found": {
    what: "Their head begins more than 16 KB into the page: the Worker stops looking there.",
    todo: "Shorten the comments before the head.",
  },
  "left-alone": {
    what: "The Worker would leave them alone for another reason.",
    todo: 'See .github/OPERATING.md, "What happens to a page".',
  },
  "widget-without-token": {
    what: "The widget in your own pages gets no token, because the Worker does not add its part: with security enabled in Connect, no chat starts.",
    todo: "Remove the widget from these pages, or let the Worker add its part: set MODE = 'on', and fix the findings for these pages.",
  },
  "tag-missing": {
    what: "They would get the chat, but the live site sends them without it.",
    todo: "Purge Cloudflare's cache and any cache in front of it, and check that the Route covers these addresses. If that does not help, set LOG_LEVEL to debug: page.left-alone in the log names the reason, such as parsers-disagree.",
  },
  "history-not-offered": {
    what: "The live site accepted a made-up chat, but the next token does not continue it.",
    todo: "This is fine where the live Worker has AWS keys, because Amazon does not know that chat. If it has none, look for what drops the Worker's cookie.",
  },
  "forgetting-refused": {
    what: "The live site refuses DELETE /_chat/visitor: visitors could not have their data erased.",
    todo: "Let DELETE below CHAT_PATH through your firewall rules.",
  },
  "not-on-cloudflare": {
    what: "Cloudflare does not answer for this site (no CF-Ray header): a Route cannot work there yet.",
    todo: "Set the site's DNS record to Proxied in the Cloudflare dashboard, or give the Worker a domain of its own and ORIGIN_URL.",
  },
  "watch-settings-invalid": {
    what: "Settings of alerts or of SELF_OFF cannot be used: they count as not set. The chat works without them.",
    todo: "Fix the settings below.",
  },
  "service-worker": {
    what: "A service worker may show pages that it stored: a stored page never has the chat.",
    todo: "Let the service worker ask the network for pages first, and not answer navigations with a stored page.",
  },
  "other-chat": {
    what: "Their scripts load another vendor's chat: visitors would see two chat buttons in one corner.",
    todo: "Remove the other chat from these pages, or leave these pages out with EXCLUDE_PATHS.",
  },
  "auto-launch": {
    what: "The snippet opens the chat by itself (skipIconButtonAndAutoLaunch): every page view asks for a token and makes a visitor.",
    todo: "Remove that line from the snippet, or raise CHAT_LIMIT and expect two KV writes per page view.",
  },
  "launch-delayed": {
    what: "LOAD_WIDGET delays a chat that the snippet or the page opens: one that opens by itself opens late, and a button of the page does nothing before the widget has loaded.",
    todo: 'Set LOAD_WIDGET = "now", or let visitors open the chat by the widget\'s own button alone.',
  },
  "unload-handler": {
    what: "The snippet listens for the page's unload event: browsers then keep no page in their back/forward cache, and the back button loads each page anew.",
    todo: "Remove onunload from the snippet. Amazon's example for a button of your own has it, and does not need it.",
  },
  challenged: {
    what: "Cloudflare asked the doctor to prove that it is human: the doctor did not see these pages.",
    todo: "Exempt your IP address with a WAF custom rule (Skip) while the doctor looks.",
  },
  "aws-actions-missing": {
    what: "Amazon refuses the AWS key some of the actions that the Worker takes with these settings.",
    todo: "Attach .connect/iam-policy.json (npm run flow writes it) to the key's user again.",
  },
  "aws-unreachable": {
    what: "Amazon did not say whether the AWS key may take these actions.",
    todo: "Check CONNECT_REGION, and try again after a minute.",
  },
  "start-call-unclear": {
    what: "Whether a chat needs a token could not be seen.",
    todo: "Try it by hand: Connect must answer a start call without x-amz-security-token with 401.",
  },
  "flow-ways-unlinked": {
    what: "Some ways lead the chat of a visitor with a past conversation to an agent without the link.",
    todo: "In the flow, let these ways go through the four blocks too. Nothing, if you want that, or if the other flow has the blocks.",
  },
  "flow-links-twice": {
    what: "A chat that was linked reaches a second link block: a chat can be linked once.",
    todo: "In the flow, let Success of the first link block lead towards the queue, and publish.",
  },
  "flow-links-none": {
    what: "A chat without a past conversation reaches a link block: Connect takes its Error branch each time.",
    todo: "In the flow, put a check of chatContinue before the block: only wait and now lead to it.",
  },
  "flow-wait": {
    what: "After a chat that has just ended, the flow links before the transcript is ready: Connect then refuses the link.",
    todo: "In the flow, lead chatContinue = wait through a Wait block whose time is the attribute chatWaitSeconds.",
  },
  "flow-type": {
    what: "A link block does not ask for the whole past conversation.",
    todo: "In the flow, open the block, choose Entire past session, and publish.",
  },
  "flow-saved-differs": {
    what: "What is saved of the flow differs from what is published. Chats take what is published.",
    todo: "If the change is meant, publish the flow.",
  },
  "flow-links-too": {
    what: "The Worker links the chats (LINK_BY=worker), and this flow links them as well. A chat can be linked once, by one of them.",
    todo: "In the flow, put a check of chatContinue before the link block, so that it links only with wait and now; or take the block out.",
  },
  "flow-unreadable": {
    what: "AWS does not give the content of a flow, or in a form that this command does not know.",
    todo: "Look at the flow in the Connect console; npm run connect -- rehearse shows whether a chat is continued.",
  },
  "region-unknown": {
    what: "This region is not among those where Amazon Connect's contact API is known to be.",
    todo: "Nothing, if Amazon has opened it since. npm run connect -- rehearse shows whether a chat is continued.",
  },
  "aws-key-too-strong": {
    what: "The Worker's AWS key may do much more than the Worker needs: who gets hold of it has that too.",
    todo: "Make an IAM user for the Worker, attach .connect/iam-policy.json alone (npm run flow writes it), and give the Worker that user's key.",
  },
  "quota-low": {
    what: "Quotas of this account are below Amazon's defaults: chats may fail to start or to continue at busy times.",
    todo: "Ask for more in the AWS console, Service Quotas, Amazon Connect.",
  },
  "not-looked-at": {
    what: "Some things could not be looked at.",
    todo: "Allow your AWS login what is named above (npm run connect -- check --print-policy prints it all), and repeat.",
  },
} as const;
