import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Whether the owner is likely to have an AWS login of their own on this machine. AWS is not asked.
 *
 * @param kept The content of .dev.vars: the Worker's key there is no login of the owner's.
 * Source: AWS SDKs and Tools Reference Guide, "Environment variables", "Location of the shared files".
 */
export function mayHaveAwsLogin(kept: Readonly<Record<string, string | undefined>>): boolean {
  const { AWS_ACCESS_KEY_ID, AWS_CONFIG_FILE, AWS_PROFILE, AWS_SHARED_CREDENTIALS_FILE } = process.env;
  if (AWS_ACCESS_KEY_ID) return AWS_ACCESS_KEY_ID !== kept["AWS_ACCESS_KEY_ID"];
  if (AWS_PROFILE) return true;
  const folder = join(homedir(), ".aws");
  const files = [AWS_CONFIG_FILE || join(folder, "config"), AWS_SHARED_CREDENTIALS_FILE || join(folder, "credentials")];
  return files.some((path) => existsSync(path));
}
