/* oxlint-disable import/no-default-export -- Next reads it. */
import { Counter } from "./counter.jsx";

export default function Page() {
  return (
    <main>
      <h1>Home</h1>
      <Counter />
    </main>
  );
}
