import { balance, question, tellerAgent } from './teller-agent.ts';

export interface FirstCommand {
  /** What the command does: a sentence without a full stop. */
  readonly title: string;
  /** What its result is: a sentence without a full stop. */
  readonly effect: string;
  /** The command, ready to be pasted into a shell. */
  readonly command: string;
}

/**
 * Three commands that play the example agent from start to end, in order. They are safe to repeat:
 * they choose the id of the log, so each command then gets its earlier answer.
 *
 * @param url the URL of the server, without a slash at its end.
 * @param key goes between double quotes: a key, or a variable such as `$KEY`.
 */
export function firstCommands(url: string, key: string): readonly FirstCommand[] {
  return [
    {
      title: 'Call the example agent',
      effect: 'The agent thinks, asks for a balance, and waits',
      command: post(url, key, '/v5/agents/call', {
        path: tellerAgent.path,
        messages: [{ role: 'user', content: question }],
        log_id: logId,
      }),
    },
    {
      title: 'Send the balance',
      effect: 'The agent continues and finishes',
      command: post(url, key, '/v5/agents/continue', {
        log_id: logId,
        messages: [{ role: 'tool', tool_call_id: 'call_1_1', content: balance }],
      }),
    },
    {
      title: 'Read the log',
      effect: 'The log shows the whole run, step by step',
      command: `curl ${url}/v5/logs/${logId} -H "X-API-KEY: ${key}"`,
    },
  ];
}

const logId = 'first-run';

function post(url: string, key: string, path: string, body: unknown): string {
  return [
    `curl ${url}${path} \\`,
    `  -H "X-API-KEY: ${key}" -H "Content-Type: application/json" \\`,
    `  -d '${JSON.stringify(body)}'`,
  ].join('\n');
}
