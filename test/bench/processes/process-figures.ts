import { readdirSync, readFileSync } from "node:fs";

const NANOSECONDS = 1e9;

/** CPU time that a process has had, in seconds; `null` where the system does not tell. */
export function readCpuSeconds(pid: number): number | null {
  try {
    // /proc/<pid>/stat counts in hundredths of a second, too coarse for a short round.
    const nanoseconds = readdirSync(`/proc/${pid}/task`).map((thread) => {
      const [onCpu] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ", 1);
      return Number(onCpu);
    });
    return nanoseconds.reduce((total, part) => total + part, 0) / NANOSECONDS;
  } catch {
    return null;
  }
}

/** Memory that a process holds, in bytes; `null` where the system does not tell. */
export function readMemoryBytes(pid: number): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}
