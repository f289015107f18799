import { cancel, isCancel, text } from "@clack/prompts";

/** The owner has cancelled: nothing was changed. */
export class Cancelled extends Error {}

export function askText(
  message: string,
  validate: (text: string) => string | undefined,
  initialValue = "",
): Promise<string> {
  return ask<string>(text({ message, initialValue, defaultValue: "", validate: check(validate) }));
}

export function check(validate: (text: string) => string | undefined) {
  return (value: string | undefined) => validate(value ?? "");
}

export async function ask<T extends string | boolean | readonly string[]>(prompt: Promise<T | symbol>): Promise<T> {
  const answer = await prompt;
  if (isAnswer(answer)) return answer;
  throw giveUp();
}

export function giveUp(): Cancelled {
  cancel("Nothing was changed.");
  return new Cancelled();
}

function isAnswer<T>(value: T | symbol): value is T {
  return !isCancel(value);
}
