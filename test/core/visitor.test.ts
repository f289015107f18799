import { describe, expect, it } from "vitest";
import { decideVisitor } from "../../src/core/visitor.ts";

const sessions = [{ contactId: "c1", ticketId: "t1", startedAt: 1 }];
const browser = { visitorId: "browser", isCustomer: false, sessions };
const anna = { visitorId: "anna", isCustomer: true, sessions };

describe("decideVisitor()", () => {
  it("makes a new visitor where there is no cookie", () => {
    expect(decideVisitor(null, null, "new")).toEqual({ id: "new", isCustomer: false, sessions: [], isNew: true });
  });

  it("knows a browser again", () => {
    expect(decideVisitor(browser, null, "new")).toEqual({ id: "browser", isCustomer: false, sessions, isNew: false });
  });

  it("knows a customer again", () => {
    expect(decideVisitor(anna, "anna", "new")).toEqual({ id: "anna", isCustomer: true, sessions, isNew: false });
  });

  it("has a customer's history on a browser without a cookie", () => {
    expect(decideVisitor(null, "anna", "new")).toEqual({ id: "anna", isCustomer: true, sessions: [], isNew: false });
  });

  it.each([
    ["another customer", decideVisitor(anna, "bob", "new")],
    ["a customer after a browser", decideVisitor(browser, "bob", "new")],
  ])("gives %s none of the sessions in the cookie", (_who, visitor) => {
    expect(visitor).toEqual({ id: "bob", isCustomer: true, sessions: [], isNew: false });
  });

  it("makes a new visitor after a customer has signed out", () => {
    expect(decideVisitor(anna, null, "new")).toEqual({ id: "new", isCustomer: false, sessions: [], isNew: true });
  });
});
