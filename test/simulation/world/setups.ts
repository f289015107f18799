/** How the Worker is set up. */
export interface Setup {
  /** Whether it has the AWS keys. */
  readonly hasKeys: boolean;
  readonly linkBy: "flow" | "worker";
  /** Whether a customer takes over what this browser's visitor chatted before signing in. */
  readonly carriesOver: boolean;
}

const SETUPS = {
  "flow with AWS": { hasKeys: true, linkBy: "flow", carriesOver: false },
  "flow without AWS": { hasKeys: false, linkBy: "flow", carriesOver: false },
  worker: { hasKeys: true, linkBy: "worker", carriesOver: false },
  "carry-over without AWS": { hasKeys: false, linkBy: "flow", carriesOver: true },
  "carry-over by worker": { hasKeys: true, linkBy: "worker", carriesOver: true },
} as const satisfies Readonly<Record<string, Setup>>;

export type Mode = keyof typeof SETUPS;

export const RETENTION_DAYS = 20;
export const CARRY_OVER_MINUTES = 30;

const AWS_SETTINGS = {
  AWS_ACCESS_KEY_ID: "AKIASIMULATION00",
  AWS_SECRET_ACCESS_KEY: "simulation",
  CONNECT_REGION: "eu-central-1",
  CONNECT_INSTANCE_ID: "6a1d2c3b-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
};

export function setupOf(mode: Mode): Setup {
  return SETUPS[mode];
}

export function toSettings({ hasKeys, linkBy, carriesOver }: Setup): Readonly<Record<string, string>> {
  return {
    ...(hasKeys && AWS_SETTINGS),
    ...(linkBy === "worker" && { LINK_BY: "worker", END_ABANDONED: "1" }),
    ...(carriesOver && { CARRY_OVER: "1", CARRY_OVER_MINUTES: String(CARRY_OVER_MINUTES) }),
    RETENTION_DAYS: String(RETENTION_DAYS),
  };
}
