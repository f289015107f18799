/* oxlint-disable import/no-default-export -- Next reads it. */
import { Suspense } from "react";
import { connection } from "next/server";
import { setTimeout as sleep } from "node:timers/promises";
import { Counter } from "../counter.jsx";

/** Sent later than the rest of its page, in the same answer. */
async function Late() {
  await connection();
  await sleep(1500);
  return (
    <section>
      <h2>Brewed</h2>
      <Counter />
    </section>
  );
}

export default function Page() {
  return (
    <main>
      <h1>Slow</h1>
      <Suspense fallback={<p>Still brewing</p>}>
        <Late />
      </Suspense>
    </main>
  );
}
