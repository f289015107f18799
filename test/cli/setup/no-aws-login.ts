/** An environment in which nobody is logged in to AWS, whatever this machine has. */
export const noAwsLogin = {
  AWS_ACCESS_KEY_ID: "",
  AWS_PROFILE: "",
  AWS_CONFIG_FILE: "/nowhere/config",
  AWS_SHARED_CREDENTIALS_FILE: "/nowhere/credentials",
} as const;

/** Nobody is logged in to AWS or Cloudflare, and the MODE of the test runner does not count. */
export function noLogin(folder: string): Readonly<Record<string, string>> {
  return {
    ...noAwsLogin,
    CLOUDFLARE_API_TOKEN: "",
    MODE: "",
    WRANGLER_SEND_METRICS: "false",
    XDG_CONFIG_HOME: folder,
    HOME: folder,
  };
}
