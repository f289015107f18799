/** Findings that are good to know, the most important first. */
export const NOTES = {
  "switched-off": {
    what: "The Worker is live but switched off (MODE is off, observe or preview): no visitor gets the chat.",
    todo: 'Set MODE = "on" in wrangler.toml and deploy when you are ready.',
  },
  "excluded-path": {
    what: "INCLUDE_PATHS or EXCLUDE_PATHS leaves them out.",
    todo: "Nothing, if you want that.",
  },
  "policies-change": {
    what: "The Worker adds what the chat needs to their Content-Security-Policy:",
    todo: "Nothing. With CONNECT_REGION set, connect-src gets only that region's hosts, and is much shorter.",
  },
  "cached-pages": {
    what: "Caches may keep these pages as they are now.",
    todo: "Purge Cloudflare's cache when you switch the chat on or off. A browser shows its own copy until that copy expires.",
  },
  "asset-requests": {
    what: "The Route also leads the requests for files to the Worker: Cloudflare counts each one.",
    todo: 'See .github/OPERATING.md, "What a Route costs". npm run setup offers to add Routes without a Worker, as named above.',
  },
  "consent-banner": {
    what: "These pages ask for consent. The chat is kept without asking: CONSENT_COOKIE is not set.",
    todo: 'Nothing, if the chat needs no consent. Otherwise set what is shown above in wrangler.toml. See .github/CONSENT.md, "The banners".',
  },
  "no-snippet": {
    what: "There is no snippet in .dev.vars yet: the doctor used a placeholder, so the policies shown lack the widget's own host.",
    todo: "npm run setup asks for it.",
  },
  "version-differs": {
    what: "The live Worker and this checkout have different versions.",
    todo: "Run npm run deploy, if this checkout is the newer one.",
  },
  "local-clock": {
    what: "This machine's clock is wrong; the live Worker's clock is right.",
    todo: "Set the clock from the network: AWS and wrangler refuse calls with a wrong time.",
  },
  "link-by-flow": {
    what: "The contact flow links the chats (LINK_BY=flow). With this AWS key, the Worker could do that itself.",
    todo: 'Nothing, if the flow does it. To do without the flow, set LINK_BY = "worker", and attach the policy that npm run flow then writes.',
  },
  robots: {
    what: "robots.txt forbids the doctor some pages that other pages link to.",
    todo: "To have one of them examined, name it on the command line.",
  },
  "flow-no-fallback": {
    what: "If Connect refuses to link the newest chat, the flow does not try the chat before it.",
    todo: "Put a second link block, with the attribute contactIdFallback, on the Error branch of the first.",
  },
  "start-call-not-asked": {
    what: "Connect was not asked whether it starts a chat for this site, and refuses one without a token.",
    todo: "Try it in a browser on your site, or run npm run connect -- rehearse.",
  },
  "aws-key-not-here": {
    what: "The Worker's AWS key is not on this machine: what it may do was not looked at.",
    todo: "Put AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY into .dev.vars, and repeat.",
  },
} as const;
