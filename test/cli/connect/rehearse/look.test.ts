import { describe, expect, it } from "vitest";
import { AwsProblem } from "../../../../src/cli/connect/aws/aws-problem.ts";
import { look } from "../../../../src/cli/connect/rehearse/play/describe.ts";

const problem = (code: string, status = 400) =>
  new AwsProblem(code, { action: "connect:DescribeContact", code, cause: { $metadata: { httpStatusCode: status } } });

describe("look()", () => {
  it("asks again for a contact that is not known yet", async () => {
    let calls = 0;
    const ask = async () => {
      calls += 1;
      if (calls === 1) throw problem("ResourceNotFoundException");
      return "known";
    };
    expect(await look(ask, 50)).toEqual({ seen: "known" });
  });

  it("says which contact stayed unknown, and what the login may not see", async () => {
    const refuse = (code: string) => look(() => Promise.reject(problem(code)), 10);
    expect(await refuse("ResourceNotFoundException")).toEqual({ unseen: expect.stringContaining("ResourceNotFound") });
    expect(await refuse("AccessDeniedException")).toEqual({
      unseen: "connect:DescribeContact: AccessDeniedException",
    });
  });

  it("does not hide another failure", async () => {
    await expect(look(() => Promise.reject(problem("ECONNRESET")))).rejects.toThrow("ECONNRESET");
  });
});
