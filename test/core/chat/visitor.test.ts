import { describe, expect, it } from "vitest";
import { decideAfterErasure, decideVisitor } from "../../../src/core/chat/visitor.ts";

const NOW = 1_800_000_000;
const sessions = [{ contactId: "c1", ticketId: "t1", startedAt: 1 }];
const browser = { content: { visitorId: "browser", isCustomer: false, sessions }, issuedAt: NOW };
const anna = { content: { visitorId: "anna", isCustomer: true, sessions }, issuedAt: NOW };
const newVisitor = { id: "new", isCustomer: false, sessions: [], seenAt: null, isNew: true };

describe("decideVisitor()", () => {
  it("makes a new visitor where there is no cookie", () => {
    expect(decideVisitor(null, null, "new")).toEqual(newVisitor);
  });

  it("knows a browser again", () => {
    const known = { id: "browser", isCustomer: false, sessions, seenAt: NOW, isNew: false };
    expect(decideVisitor(browser, null, "new")).toEqual(known);
  });

  it("knows a customer again", () => {
    const known = { id: "anna", isCustomer: true, sessions, seenAt: NOW, isNew: false };
    expect(decideVisitor(anna, "anna", "new")).toEqual(known);
  });

  it.each([
    ["a customer on a browser without a cookie", decideVisitor(null, "bob", "new")],
    ["another customer", decideVisitor(anna, "bob", "new")],
    ["a customer after a browser", decideVisitor(browser, "bob", "new")],
  ])("gives %s that customer's history, and none of the sessions in the cookie", (_who, visitor) => {
    expect(visitor).toEqual({ id: "bob", isCustomer: true, sessions: [], seenAt: null, isNew: false });
  });

  it("makes a new visitor after a customer has signed out", () => {
    expect(decideVisitor(anna, null, "new")).toEqual(newVisitor);
  });
});

describe("decideAfterErasure()", () => {
  const known = decideVisitor(browser, null, "new");

  it("goes on with a visitor who was never forgotten", () => {
    expect(decideAfterErasure(known, undefined, "newer")).toBe(known);
  });

  it.each([
    ["before the erasure", NOW + 1],
    ["in the very second of the erasure", NOW],
  ])("makes a new visitor of a cookie that was sealed %s", (_when, erasedAt) => {
    expect(decideAfterErasure(known, erasedAt, "newer")).toEqual({ ...newVisitor, id: "newer" });
  });

  it("goes on with a cookie that was sealed after the erasure", () => {
    expect(decideAfterErasure(known, NOW - 1, "newer")).toBe(known);
  });

  it("keeps a customer's id, which does not come from the cookie", () => {
    const customer = decideVisitor(anna, "anna", "new");
    expect(decideAfterErasure(customer, NOW + 1, "newer")).toBe(customer);
  });

  it("leaves a visitor without a cookie alone", () => {
    const customer = decideVisitor(null, "anna", "new");
    expect(decideAfterErasure(customer, NOW + 1, "newer")).toBe(customer);
  });
});
