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

/** All operators together. */
export interface ClientFailures {
  readonly failures: number;
  readonly networks: number;
  readonly operators: number;
  /** Share of the operator with the most networks, from 0 to 1. */
  readonly largestOperator: number;
}

export function sumFailures({ operators }: ClientFigures): ClientFailures {
  const networks = operators.reduce((sum, operator) => sum + operator.networks, 0);
  return {
    failures: operators.reduce((sum, { failures }) => sum + failures, 0),
    networks,
    operators: operators.length,
    largestOperator: networks === 0 ? 0 : Math.max(...operators.map((operator) => operator.networks)) / networks,
  };
}
