/** An environment in which nobody is logged in to AWS, whatever this machine has. */
export const noAwsLogin = {
  AWS_ACCESS_KEY_ID: "",
  AWS_PROFILE: "",
  AWS_CONFIG_FILE: "/nowhere/config",
  AWS_SHARED_CREDENTIALS_FILE: "/nowhere/credentials",
} as const;
