// Answers with the terms on which the product lets Cloudflare keep what the origin answers: workerd itself has no cache.
import { fetchOrigin } from "../../../src/adapters/origin.ts";

export default {
  fetch: (request: Request) =>
    fetchOrigin(
      request,
      { originUrl: new URL("https://origin.example"), fetch: async ({ cf }) => Response.json(cf ?? null) },
      [],
    ),
};
