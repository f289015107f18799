import { fork } from "node:child_process";
import { join } from "node:path";

/** A file of this folder in its own process: it shares no event loop with the measured Workers. */
export interface Child<Question extends object, Answer> {
  /** Sends one message and waits for the next one from there; one at a time. */
  ask(question: Question): Promise<Answer>;
  close(): void;
}

export function startChild<Question extends object, Answer>(file: string): Child<Question, Answer> {
  const child = fork(join(import.meta.dirname, file));
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        const fail = () => reject(new Error(`Cannot go on: ${file} ended`));
        child.once("exit", fail);
        child.once("message", (answer: Answer) => {
          child.off("exit", fail);
          resolve(answer);
        });
        child.send(question);
      }),
    close: () => void child.kill(),
  };
}
