import type { SandboxChild } from './spawn-sandbox.ts';

/** How a process ended, and the last part of its error output. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly reason: string;
}

const longestReason = 500;

/** Waits for a process to end, and collects its error output. Never rejects. */
export function waitForEnd(child: SandboxChild): Promise<ProcessEnd> {
  let errorOutput = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    errorOutput = (errorOutput + text).slice(-longestReason);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, reason: error.message }));
    child.once('close', (code, signal) => {
      const how = signal ? `it was ended by ${signal}` : `it ended with code ${code}`;
      resolve({ code, reason: errorOutput.trim() || how });
    });
  });
}
