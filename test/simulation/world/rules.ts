/** A rule that keeps a promise, and can be left out to see that the promise is then broken. */
export type Rule = "departure" | "describe contact" | "erasure" | "first writer" | "lock" | "merge" | "ticket";
