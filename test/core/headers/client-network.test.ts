import { describe, expect, it } from "vitest";
import { toClientNetwork } from "../../../src/core/headers/client-network.ts";

describe("toClientNetwork()", () => {
  it.each([
    ["192.0.2.7", "192.0.2.7"],
    ["", ""],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:DB8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2"],
    ["2001:db8:1:2::", "2001:db8:1:2"],
    ["2001:db8::7", "2001:db8:0:0"],
    ["2001:db8:0:0:1::", "2001:db8:0:0"],
    ["2001::7:8:9:a:b:c", "2001:0:7:8"],
    ["::1", "0:0:0:0"],
    ["::", "0:0:0:0"],
    ["::1.2.3.4", "0:0:0:0"],
    ["::ffff:0:1.2.3.4", "0:0:0:0"],
    ["1::ffff:1.2.3.4", "1:0:0:0"],
  ])("counts %j as %j", (address, network) => {
    expect(toClientNetwork(address)).toBe(network);
  });

  it.each([
    "::ffff:192.0.2.7",
    "::FFFF:192.0.2.7",
    "::ffff:c000:207",
    "::ffff:C000:0207",
    "0:0:0:0:0:ffff:192.0.2.7",
    "0000:0000:0000:0000:0000:ffff:c000:0207",
    "0::0:ffff:c000:207",
  ])("counts %j as the IPv4 address that it holds", (address) => {
    expect(toClientNetwork(address)).toBe("192.0.2.7");
  });

  it("tells neighbouring IPv4 addresses in IPv6 form apart", () => {
    expect(toClientNetwork("::ffff:0.0.0.0")).toBe("0.0.0.0");
    expect(toClientNetwork("::ffff:255.255.0.255")).toBe("255.255.0.255");
  });

  it.each([
    ["2001:db8:1:2ff::1", "2001:db8:1:200"],
    ["2001:db8:1:2::1", "2001:db8:1:0"],
    ["192.0.2.7", "192.0.2.7"],
  ])("counts %j with 56 bits as %j", (address, network) => {
    expect(toClientNetwork(address, 56)).toBe(network);
  });

  it("tells neighbouring /64 networks apart", () => {
    expect(toClientNetwork("2001:db8:1:2::1")).not.toBe(toClientNetwork("2001:db8:1:3::1"));
  });
});
