import type { Switches } from "../switches.ts";
import { complain } from "./page/complain.ts";
import { Fields } from "./page/fields.ts";
import { startWidget } from "./widget.ts";

/** Passed in by the server that serves this script. */
declare const CONNECT_SWITCHES: Switches;

interface Stub {
  (field: unknown, value: unknown): void;
  ac?: ArrayLike<unknown>[];
}

const script = document.currentScript;
const page: typeof globalThis & { amazon_connect?: Stub } = globalThis;

if (!(script instanceof HTMLScriptElement) || script.id === "") {
  complain("the widget does not start: its script element carries no widget id");
} else {
  const fields = new Fields(page.amazon_connect?.ac ?? [], CONNECT_SWITCHES.repeatedField);
  page.amazon_connect = (field, value) => fields.set(field, value);
  const missing = fields.missing();
  if (missing.length > 0) complain(`the widget does not start: ${missing.join(", ")} missing`);
  else whenBodyIsThere(() => startWidget(fields, CONNECT_SWITCHES, new URL(script.src).origin, script.id));
}

function whenBodyIsThere(action: () => void): void {
  if (document.body) action();
  else document.addEventListener("DOMContentLoaded", action, { once: true });
}
