/** A rule that keeps a promise. Without the rule, a test must see the promise broken. */
export type Rule = "describe contact" | "erasure" | "first writer" | "lock" | "merge" | "sign-out" | "ticket";
