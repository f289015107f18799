/** A rule that keeps a promise. Without the rule, a test must see the promise broken. */
export type Rule =
  | "carry-over once"
  | "carry-over in time"
  | "guests only"
  | "client token"
  | "customers' devices"
  | "describe contact"
  | "erasure"
  | "first writer"
  | "link once"
  | "lock"
  | "merge"
  | "new chat's owner"
  | "other tabs"
  | "past chat's owner"
  | "sign-out"
  | "ticket";
