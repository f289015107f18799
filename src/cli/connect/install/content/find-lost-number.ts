/**
 * Finds a number in a JSON text that JavaScript cannot keep: written again, it would be another one.
 *
 * `1.0` is kept, as `1`.
 *
 * @returns The first one as it is written; `null`: there is none.
 */
export function findLostNumber(text: string): string | null {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g) ?? [];
  return tokens.find((token) => !token.startsWith('"') && toValue(token) !== toValue(String(Number(token)))) ?? null;
}

/** The digits that count, and the power of ten of the last one. */
function toValue(number: string): string {
  const [mantissa = "", exponent = "0"] = number.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${number.startsWith("-") ? "-" : ""}${significant}e${power}`;
}
