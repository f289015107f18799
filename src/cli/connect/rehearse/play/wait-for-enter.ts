/** Whether somebody at the terminal has pressed Enter. Without a terminal nobody does. */
export function waitForEnter(): { readonly isPressed: () => boolean; readonly stop: () => void } {
  let isPressed = false;
  const { stdin } = process;
  // Not in raw mode: Ctrl-C stays a signal.
  const note = (text: Buffer) => {
    if (text.includes("\n") || text.includes("\r")) isPressed = true;
  };
  if (stdin.isTTY) stdin.on("data", note).resume();
  return {
    isPressed: () => isPressed,
    stop: () => {
      if (stdin.isTTY) stdin.off("data", note).pause();
    },
  };
}
