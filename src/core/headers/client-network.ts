/** Bits of an IPv6 address that name a network: of one device, or of one home line. Source: RFC 6177 §2 for the latter. */
type NetworkBits = 64 | 56;

/**
 * The network under which a client's calls are counted.
 *
 * An IPv6 client has at least a /64 network: with a new address for each call it would escape a count by address.
 *
 * @param address As in `CF-Connecting-IP`.
 * @param bits 56: a home line has 256 networks of 64 bits, which are one to whoever counts people.
 * @returns An IPv4 address as it is, also one in IPv6 form such as `::ffff:192.0.2.7`; or the first bits of an IPv6
 *   address. Source: RFC 4291 §2.5.4, §2.5.5.2.
 */
export function toClientNetwork(address: string, bits: NetworkBits = 64): string {
  const host = URL.parse(`http://[${address}]/`)?.hostname;
  if (host === undefined) return address;
  // A URL has one spelling for each address: short, in lower case, and with an IPv4 address as two hexadecimal groups.
  const [, ...mapped] = /^\[::ffff:(\w+):(\w+)\]$/.exec(host) ?? [];
  if (mapped.length > 0) return mapped.flatMap(toBytes).join(".");
  const [start = "", end] = host.slice(1, -1).split("::");
  const startGroups = start === "" ? [] : start.split(":");
  const endGroups = end === undefined || end === "" ? [] : end.split(":");
  const zeros = Array.from({ length: 8 - startGroups.length - endGroups.length }, () => "0");
  const groups = [...startGroups, ...zeros, ...endGroups].slice(0, 4);
  return groups.map((group, index) => (index === 3 && bits === 56 ? dropLastByte(group) : group)).join(":");
}

function toBytes(group: string): readonly number[] {
  const bits = Number.parseInt(group, 16);
  return [bits >> 8, bits & 255];
}

function dropLastByte(group: string): string {
  return (Number.parseInt(group, 16) & 0xff_00).toString(16);
}
