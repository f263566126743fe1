import type { SandboxChild } from './spawn-sandbox.ts';

/** How a process ended, and the last of what it complained of. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly reason: string;
}

const longestReason = 500;

/** Waits for the end of a process, keeping what it complains of. Never rejects. */
export function ownEnd(child: SandboxChild): Promise<ProcessEnd> {
  let complaint = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    complaint = (complaint + text).slice(-longestReason);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, reason: error.message }));
    child.once('close', (code, signal) => {
      const how = signal ? `it was ended by ${signal}` : `it ended with code ${code}`;
      resolve({ code, reason: complaint.trim() || how });
    });
  });
}
