/** A rule that keeps a promise, and can be left out to see that the promise is then broken. */
export type Rule = "describe contact" | "erasure" | "first writer" | "lock" | "merge" | "sign-out" | "ticket";
