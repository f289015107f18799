/** Hosts of the scripts that bring a chat. Source: the vendors' pages about installation and Content Security Policy. */
const OTHER_CHATS: readonly (readonly [name: string, hosts: RegExp])[] = [
  ["Intercom", /\b(?:widget\.intercom\.io|js\.intercomcdn\.com)\b/i],
  ["Zendesk", /\b(?:static\.zdassets\.com|v2\.zopim\.com)\b/i],
  ["Crisp", /\bclient\.crisp\.chat\b/i],
  ["LivePerson", /\b(?:lptag\.liveperson\.net|lpcdn\.lpsnmedia\.net)\b/i],
  ["tawk.to", /\bembed\.tawk\.to\b/i],
  ["Drift", /\bjs\.driftt\.com\b/i],
  // The first is HubSpot's tag, which loads the chat from the second only where the chat is switched on.
  ["HubSpot, if its chat is switched on", /\bjs(?:-\w+)?\.(?:hs-scripts|usemessages)\.com\b/i],
];

/**
 * The chats of other vendors that scripts load.
 *
 * @param scripts Addresses and code of a page's scripts. An inline script names the host of the one that it loads.
 */
export function findOtherChats(scripts: string): readonly string[] {
  return OTHER_CHATS.filter(([, hosts]) => hosts.test(scripts)).map(([name]) => name);
}
