import { balance, question, tellerAgent } from './teller-agent.ts';

/** One command of the first run. */
export interface FirstCommand {
  /** A sentence without its full stop: what the command does. */
  readonly title: string;
  /** The same form: what comes of it. */
  readonly effect: string;
  /** To be pasted into a shell. */
  readonly command: string;
}

/**
 * Three commands that play the example agent to its end, in their order. To run them again is safe:
 * the log has an id of their choice, so each answers what it answered before.
 *
 * @param url the server's, without a slash at its end.
 * @param key stands between double quotes: a key, or a variable such as `$KEY`.
 */
export function firstCommands(url: string, key: string): readonly FirstCommand[] {
  return [
    {
      title: 'Call the example agent',
      effect: 'It thinks, asks you for a balance, and waits',
      command: post(url, key, '/v5/agents/call', {
        path: tellerAgent.path,
        messages: [{ role: 'user', content: question }],
        log_id: logId,
      }),
    },
    {
      title: 'Give it the balance',
      effect: 'It goes on and finishes',
      command: post(url, key, '/v5/agents/continue', {
        log_id: logId,
        messages: [{ role: 'tool', tool_call_id: 'call_1_1', content: balance }],
      }),
    },
    {
      title: 'Read the log',
      effect: 'It has the whole run, step by step',
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
