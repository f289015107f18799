/* oxlint-disable import/no-default-export -- Next reads it. */
import { Counter } from "../../counter.jsx";

export async function generateMetadata({ params }) {
  return { title: (await params).slug };
}

export default async function Page({ params }) {
  return (
    <main>
      <h1>Tea: {(await params).slug}</h1>
      <Counter />
    </main>
  );
}
