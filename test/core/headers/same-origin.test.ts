import { describe, expect, it } from "vitest";
import { decideSameOrigin } from "../../../src/core/headers/same-origin.ts";

const ownOrigin = "https://www.example.com";
const request = { secFetchSite: null, origin: null, ownOrigin };

describe("decideSameOrigin()", () => {
  it("believes the browser's fetch metadata", () => {
    expect(decideSameOrigin({ ...request, secFetchSite: "same-origin" }).sameOrigin).toBe(true);
  });

  it.each(["same-site", "cross-site", "none", ""])(
    "refuses Sec-Fetch-Site: %s, whatever Origin says",
    (secFetchSite) => {
      expect(decideSameOrigin({ ...request, secFetchSite, origin: ownOrigin }).sameOrigin).toBe(false);
    },
  );

  it("takes an equal Origin from a browser without fetch metadata", () => {
    expect(decideSameOrigin({ ...request, origin: ownOrigin })).toEqual({ sameOrigin: true, reason: "origin-header" });
  });

  it.each(["https://evil.example", "http://www.example.com", "https://www.example.com:8443", "null"])(
    "refuses Origin: %s",
    (origin) => {
      expect(decideSameOrigin({ ...request, origin }).sameOrigin).toBe(false);
    },
  );

  it("refuses a call that says neither", () => {
    expect(decideSameOrigin(request)).toEqual({ sameOrigin: false, reason: "no-origin" });
  });
});
