// Answers with the product's cache settings for requests to the origin: workerd has no cache, so only the settings can be
// tested.
import { fetchOrigin } from "../../../src/adapters/origin.ts";

export default {
  fetch: (request: Request) =>
    fetchOrigin(
      request,
      { originUrl: new URL("https://origin.example"), fetch: async ({ cf }) => Response.json(cf ?? null) },
      [],
    ),
};
