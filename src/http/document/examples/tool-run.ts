import { logAnswer, logRequests } from './logs.ts';

const { path, inputs } = logRequests.tool;

/** A call of the tool. */
export const toolCall = { path, inputs };

/** What it answers. */
export const toolCallAnswer = logAnswer('tool', { stdout: null, log_status: null });
