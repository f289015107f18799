import { describe, expect, it, vi } from "vitest";
import { fetchOrigin } from "../../src/adapters/origin.ts";

describe("fetchOrigin()", () => {
  const fetch = vi.fn(async (_request: Request) => new Response());

  it("hands the platform the same request object on a Route", async () => {
    const request = new Request("https://www.example.com/shop?a=1");
    await fetchOrigin(request, { originUrl: null, fetch }, []);
    expect(fetch.mock.lastCall?.[0]).toBe(request);
  });
});
