/**
 * The network under which a client's calls are counted.
 *
 * An IPv6 client has at least a /64 network: with a new address for each call it would escape a count by address.
 *
 * @param address As in `CF-Connecting-IP`.
 * @returns An IPv4 address as it is, also one in IPv6 form such as `::ffff:192.0.2.7`; or the first 64 bits of an IPv6
 *   address. Source: RFC 4291 §2.5.4, §2.5.5.2.
 */
export function toClientNetwork(address: string): string {
  const host = URL.parse(`http://[${address}]/`)?.hostname;
  if (host === undefined) return address;
  // A URL has one spelling for each address: short, in lower case, and with an IPv4 address as two hexadecimal groups.
  const [, ...mapped] = /^\[::ffff:(\w+):(\w+)\]$/.exec(host) ?? [];
  if (mapped.length > 0) return mapped.flatMap(toBytes).join(".");
  const [start = "", end] = host.slice(1, -1).split("::");
  const startGroups = start === "" ? [] : start.split(":");
  const endGroups = end === undefined || end === "" ? [] : end.split(":");
  const zeros = Array.from({ length: 8 - startGroups.length - endGroups.length }, () => "0");
  return [...startGroups, ...zeros, ...endGroups].slice(0, 4).join(":");
}

function toBytes(group: string): readonly number[] {
  const bits = Number.parseInt(group, 16);
  return [bits >> 8, bits & 255];
}
