import { afterEach, describe, expect, it } from "vitest";
import { widgetId } from "../../../worker/settings.ts";
import { runCli } from "../../run-cli.ts";
import { doctor, examine, folder, proxy, site, useSite } from "./doctor-site.ts";
import { withHeaders } from "../faulty-proxy.ts";

useSite();

describe("npm run doctor, misused", () => {
  afterEach(() => proxy.faults.clear());

  it.each([
    [[], "such as https://www.example.com, found nothing"],
    [["shop"], "such as https://www.example.com, found shop"],
    [["ftp://x.example"], "found ftp://x.example"],
    [["https://a.example", "https://b.example"], "found more than one"],
    [["https://a.example", "--pages", "0"], "--pages: expected a number from 1 to 200, found 0"],
    [["https://a.example", "--live", "soon"], "--live: expected a number from 0 to 600, found soon"],
    [["https://a.example", "--start-call"], "--start-call needs the snippet"],
    [["https://a.example", "--aws"], "--aws: not set: AWS_ACCESS_KEY_ID"],
  ])("says what is wrong with %j", async (args, message) => {
    const { code, err, out } = await doctor(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(message);
  });

  it("does not take temporary credentials for the Worker's", async () => {
    const env = {
      AWS_ACCESS_KEY_ID: "ASIAEXAMPLEEXAMPLE00",
      AWS_SECRET_ACCESS_KEY: "x",
      AWS_SESSION_TOKEN: "y",
      CONNECT_REGION: "eu-central-1",
      CONNECT_INSTANCE_ID: widgetId,
    };
    const { code, err } = await runCli("doctor", [site.origin, "--aws"], { cwd: folder, env });
    expect([code, err]).toEqual([2, expect.stringContaining("temporary credentials")]);
  });

  it("says which address to use where the site redirects to another", async () => {
    const { code, err } = await doctor(`${site.origin}/try/redirect/elsewhere`);
    expect([code, err]).toEqual([2, expect.stringContaining("repeat with https://elsewhere.example")]);
  });

  it("follows a redirect within the site", async () => {
    proxy.faults.set("/", (answer) => ({ ...withHeaders({ location: "/help" })(answer), status: 302 }));
    const { pages } = await examine(proxy.origin, "--pages", "1");
    expect(pages.map(({ path }) => path)).toEqual(["/help"]);
  });

  it("ends a circle of redirects", async () => {
    proxy.faults.set("/", (answer) => ({ ...withHeaders({ location: "/" })(answer), status: 302 }));
    expect((await doctor(proxy.origin)).err).toContain("redirects in circles");
  });

  it.each([
    ["/assets/shop.css", 2, "is no HTML page (text/css)"],
    ["/try/status/503", 1, "answers 503"],
  ])("says why it cannot examine %s", async (path, expected, message) => {
    const { code, err } = await doctor(site.origin + path);
    expect([code, err]).toEqual([expected, expect.stringContaining(message)]);
  });

  it("says why it cannot examine a page behind a challenge", async () => {
    proxy.faults.set("/", (answer) => ({ ...withHeaders({ "cf-mitigated": "challenge" })(answer), status: 403 }));
    const { code, err } = await doctor(proxy.origin);
    expect([code, err]).toEqual([1, expect.stringContaining("proof of being human")]);
  });

  it("says why a site cannot be reached", async () => {
    const { code, err } = await doctor("http://127.0.0.1:1");
    expect([code, err]).toEqual([1, expect.stringContaining("nothing listens there")]);
  });
});
