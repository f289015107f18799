import { describe, expect, it } from "vitest";
import { buildRequestEdits, isLoop, toOriginUrl, toPublicLocation } from "../../../src/core/headers/forwarding.ts";

const origin = new URL("https://origin.example:8443");
const page = "https://www.example.com/shop?a=1";

describe("toOriginUrl()", () => {
  it.each([
    ["a path and query", "https://www.example.com/a%2Fb/?q=%20+&&x", "https://origin.example:8443/a%2Fb/?q=%20+&&x"],
    ["an empty query", "https://www.example.com/a?", "https://origin.example:8443/a?"],
    ["a port", "http://www.example.com:8787/a", "https://origin.example:8443/a"],
    [
      "a path that looks like a host",
      "https://www.example.com//evil.example/x",
      "https://origin.example:8443//evil.example/x",
    ],
    [
      "a path that looks like a user",
      "https://www.example.com/@evil.example/",
      "https://origin.example:8443/@evil.example/",
    ],
  ])("keeps %s", (_what, url, target) => {
    expect(toOriginUrl(url, origin)).toBe(target);
  });

  it("takes on the origin's default port", () => {
    expect(toOriginUrl("http://localhost:8787/a", new URL("http://origin.example"))).toBe("http://origin.example/a");
  });
});

describe("isLoop()", () => {
  it.each([
    ["https://www.example.com", true],
    ["https://WWW.example.com:443/", true],
    ["http://www.example.com", true],
    ["https://www.example.com:8443", false],
    ["https://origin.example", false],
  ])("says of an ORIGIN_URL %s: %s", (url, loops) => {
    expect(isLoop(page, new URL(url))).toBe(loops);
  });
});

describe("buildRequestEdits()", () => {
  const cookie = { cookie: "a=1; __Host-chat-0123abcd=x; b=2" };

  it("has nothing to do on a Route without our cookie", () => {
    const headers = new Headers({ cookie: "a=1", "cf-ray": "1", "x-forwarded-for": "192.0.2.1" });
    expect(buildRequestEdits(page, headers, false)).toEqual([]);
  });

  it.each([false, true])("takes our cookie out, to another host: %s", (toOtherHost) => {
    expect(buildRequestEdits(page, new Headers(cookie), toOtherHost)).toContainEqual(["cookie", "a=1; b=2"]);
  });

  it("takes the header out with the only cookie", () => {
    expect(buildRequestEdits(page, new Headers({ cookie: "__Host-chat-x=1" }), false)).toEqual([["cookie", null]]);
  });

  it.each([
    "cf-ray",
    "cf-connecting-ip",
    "cf-visitor",
    "x-forwarded-port",
    "x-forwarded-prefix",
    "forwarded",
    "x-real-ip",
    "true-client-ip",
    "cf_connecting_ip",
    "x_forwarded_for",
    "x_real_ip",
    "true_client_ip",
    "x.forwarded.for",
    "x-forwarded",
    "forwarded-for",
    "x-client-ip",
    "client-ip",
    "x-clientip",
    "x-cluster-client-ip",
    "fastly-client-ip",
    "wl-proxy-client-ip",
    "x-remote-ip",
    "x-remote-addr",
    "remote-addr",
    "x-originating-ip",
    "x-source-ip",
    "x-appengine-user-ip",
    "x-azure-clientip",
    "x-envoy-external-address",
    "x-host",
    "x-http-host-override",
    "x-original-host",
    "x-original-url",
    "x-original-forwarded-for",
    "x-rewrite-url",
    "http_x_forwarded_for",
    "x-forward-for",
    "z-forwarded-for",
    "x-true-client-ip",
    "fly-client-ip",
    "do-connecting-ip",
    "x-vercel-forwarded-for",
    "ali-cdn-real-ip",
    "cdn-src-ip",
    "cloudfront-viewer-address",
    "x-scheme",
    "front-end-https",
    "proxy",
  ])("takes out %s on the way to another host", (name) => {
    expect(buildRequestEdits(page, new Headers({ [name]: "forged" }), true)).toContainEqual([name, null]);
  });

  it.each(["host", "accept", "x-forwarder", "x-cf-ray", "authorization", "x-hosted", "address", "x-shop-ip", "x-zip"])(
    "leaves %s alone",
    (name) => {
      const names = buildRequestEdits(page, new Headers({ [name]: "1" }), true).map(([edited]) => edited);
      expect(names).not.toContain(name);
    },
  );

  it("tells another host the truth about visitor and public host, last", () => {
    const headers = new Headers({
      "cf-connecting-ip": "192.0.2.7",
      "x-forwarded-for": "203.0.113.1",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "gopher",
    });
    expect(buildRequestEdits("https://www.example.com:444/x", headers, true).slice(-3)).toEqual([
      ["x-forwarded-host", "www.example.com:444"],
      ["x-forwarded-proto", "https"],
      ["x-forwarded-for", "192.0.2.7"],
    ]);
  });

  it("rather names no visitor than a forged one", () => {
    const edits = buildRequestEdits(page, new Headers({ "x-forwarded-for": "203.0.113.1" }), true);
    expect(edits.at(-1)).toEqual(["x-forwarded-for", null]);
  });
});

describe("toPublicLocation()", () => {
  it.each([
    ["https://origin.example:8443/a%2Fb?x=%20#c", "https://www.example.com/a%2Fb?x=%20#c"],
    ["https://ORIGIN.example:8443", "https://www.example.com"],
    ["http://origin.example:8443/a", "https://www.example.com/a"],
    ["//origin.example:8443/a", "//www.example.com/a"],
    ["HTTPS://origin.example:8443?q", "https://www.example.com?q"],
  ])("leads %s back to the public host", (location, expected) => {
    expect(toPublicLocation(location, page, origin)).toBe(expected);
  });

  it.each([
    "/a",
    "a?u=https://origin.example:8443/",
    "",
    "https://origin.example/other-port",
    "https://elsewhere.example/https://origin.example:8443/",
    "https://origin.example:8443.evil.example/",
    "https://origin.example:8443@evil.example/",
    "https://user@origin.example:8443/",
    "//elsewhere.example/a",
    "ftp://origin.example:8443/",
    "https:///",
    "https://[broken/",
  ])("leaves %j as it is", (location) => {
    expect(toPublicLocation(location, page, origin)).toBe(location);
  });

  it("takes http and https of a host without a port for one host", () => {
    const location = toPublicLocation("http://origin.example/a", page, new URL("https://origin.example"));
    expect(location).toBe("https://www.example.com/a");
  });

  it("names the public port", () => {
    expect(toPublicLocation("https://origin.example:8443/a", "http://localhost:8787/", origin)).toBe(
      "http://localhost:8787/a",
    );
  });
});
