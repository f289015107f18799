import open from "open";

/**
 * Opens a file in the owner's browser.
 *
 * @returns Why it could not be opened; `null` when it was handed to the system.
 */
export async function openPage(path: string): Promise<string | null> {
  try {
    await open(path);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
