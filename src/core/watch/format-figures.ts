/** A count or an estimate, such as "1,234". */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/** A share in percent. A small one has a decimal: "0 %" would say that nothing failed. */
export function formatShare(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.1) return "less than 0.1 %";
  return `${percent < 9.95 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}
