import { existsSync } from 'node:fs';

/** `nobody`: an account that owns nothing and may do nothing. */
export const nobody = { uid: 65_534, gid: 65_534 };

export const isRoot = process.getuid?.() === 0;

/** Whether a process is alive. A zombie is not: in some containers nothing reaps them. */
export function isRunning(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return process.platform !== 'linux' || existsSync(`/proc/${pid}/cwd`);
}
