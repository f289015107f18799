/** A text that counts how many of its characters are looked at. */
export interface CountedText {
  /** Stands for the text in the code that is measured. */
  readonly text: string;
  readonly steps: () => number;
}

export function countText(original: string): CountedText {
  let steps = 0;
  return { text: wrap(original, (taken) => void (steps += taken)), steps: () => steps };
}

type Count = (steps: number) => void;

function wrap(text: string, count: Count): string {
  const methods: Readonly<Record<string, (...args: never[]) => unknown>> = {
    charAt: (at: number) => (count(1), text.charAt(at)),
    charCodeAt: (at: number) => (count(1), text.charCodeAt(at)),
    startsWith: (start: string, at: number) => (count(start.length), text.startsWith(start, at)),
    // To take a part costs nothing; to look at it does.
    slice: (from: number, to: number) => wrap(text.slice(from, to), count),
    toLowerCase: () => (count(text.length), text.toLowerCase()),
    includes: (wanted: string) => (count(text.length), text.includes(wanted)),
    indexOf: (wanted: string, from = 0) => countFound(text.indexOf(wanted, from), from),
    search: (pattern: RegExp) => countFound(text.search(pattern), 0),
  };
  const countFound = (found: number, from: number) => {
    count(1 + (found === -1 ? text.length : found) - from);
    return found;
  };
  const wrapped: unknown = new Proxy(
    {},
    {
      get(_target, name) {
        if (name === "length") return text.length;
        // startsWith() and includes() ask this of their argument.
        if (name === Symbol.match) return undefined;
        if (name === Symbol.toPrimitive) return () => text;
        if (/^\d+$/.test(String(name))) return (count(1), text[Number(name)]);
        return methods[String(name)];
      },
    },
  );
  // It has all members of a string that the measured code uses.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return wrapped as string;
}
