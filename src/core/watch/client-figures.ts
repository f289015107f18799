/** How the client did in a span of time. */
export interface ClientFigures {
  /** Pages that got the chat. */
  readonly pages: number;
  /** Failures of the client, for each operator of visitors' networks that told of one. */
  readonly operators: readonly OperatorFailures[];
}

export interface OperatorFailures {
  /** Networks of this operator that told of failures. */
  readonly networks: number;
  /** Their failures: of each network at most MAX_COUNTED_PER_NETWORK, since anybody can tell of failures. */
  readonly failures: number;
}

/**
 * Adds the operators up, each with at most so many networks and failures: whoever rents one machine gets thousands of
 * networks of one operator.
 *
 * @param most Without it, each counts in full.
 */
export function sumOperators(
  { operators }: ClientFigures,
  most: OperatorFailures = { networks: Infinity, failures: Infinity },
): OperatorFailures {
  const sum = (read: (operator: OperatorFailures) => number) =>
    operators.reduce((total, operator) => total + Math.min(read(operator), read(most)), 0);
  return { networks: sum(({ networks }) => networks), failures: sum(({ failures }) => failures) };
}
