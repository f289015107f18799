import open from "open";
import { OPEN_PAGE_WAIT_MS } from "./limits.ts";

/**
 * Opens a file in the owner's browser.
 *
 * @returns Why it could not be opened; `null` where the system said nothing of the kind.
 */
export async function openPage(path: string): Promise<string | null> {
  try {
    const opener = await open(path);
    const code = await new Promise<number | null>((resolve) => {
      // The program that opens the page may be the browser itself, which runs on.
      const timer = setTimeout(() => resolve(0), OPEN_PAGE_WAIT_MS);
      const settle = (exitCode: number | null) => {
        clearTimeout(timer);
        resolve(exitCode);
      };
      opener.once("exit", settle);
      if (opener.exitCode !== null) settle(opener.exitCode);
    });
    return code === 0 ? null : `the system's command ended with code ${code}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
