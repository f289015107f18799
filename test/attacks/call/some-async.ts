/** Whether the test is true for one of them; all are tried at once. */
export async function someAsync<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<boolean> {
  const results = await Promise.all(items.map(test));
  return results.includes(true);
}
