import { logAnswer, logRequests } from './logs.ts';

const { path, inputs } = logRequests.tool;

/** A call of the tool. */
export const toolCall = { path, inputs };

/** The answer to it. */
export const toolCallAnswer = logAnswer('tool', { stdout: null, log_status: null });
