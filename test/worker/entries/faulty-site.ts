// The product with a decision that throws, as a bug of ours would.
import { createLog } from "../../../src/adapters/log.ts";
import { createPages } from "../../../src/http/page/page.ts";
import { createSite } from "../../../src/http/site/site.ts";

interface Env {
  readonly ORIGIN_URL: string;
}

export default {
  fetch(request: Request, { ORIGIN_URL }: Env): Promise<Response> {
    const site = createSite({
      originUrl: new URL(ORIGIN_URL),
      pages: createPages({
        chatPath: "/_chat",
        async: true,
        sources: { script: [], connect: [], image: [], font: [], worker: [], hasStyles: true },
        isIncluded() {
          throw new Error("a bug of ours");
        },
      }),
      fetch: (forwarded) => fetch(forwarded),
      log: createLog("debug", () => undefined),
    });
    return site(request);
  },
};
