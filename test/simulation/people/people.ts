/** People with an account at the site; Anna comes more often. */
export const CUSTOMERS = ["Anna", "Anna", "Bob"] as const;

/** Knows the contact id of every chat, and has no account. */
export const THIEF = "thief";

export function isCustomer(person: string): boolean {
  return CUSTOMERS.some((customer) => customer === person);
}
