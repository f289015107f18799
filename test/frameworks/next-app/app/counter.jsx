"use client";
import { useEffect, useState } from "react";

/** Says once it has been taken over, and counts from then on. */
export function Counter() {
  const [count, setCount] = useState(0);
  const [isHydrated, setHydrated] = useState(false);
  useEffect(() => setHydrated(true), []);
  return (
    <button type="button" data-hydrated={isHydrated} onClick={() => setCount(count + 1)}>
      Cups: {count}
    </button>
  );
}
