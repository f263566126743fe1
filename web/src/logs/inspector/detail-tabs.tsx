import type { ReactNode } from 'react';
import type { ChatMessage, LogResponse } from '../../api/types.ts';
import { ValueView } from '../values/value-view.tsx';
import { MessageList } from './message-list.tsx';
import type { SpanDetails, TurnDetails } from './span-queries.ts';

interface DetailTab {
  readonly name: string;
  readonly content: ReactNode;
}

/** The tabs for the payloads of a span, by what it has. */
export function detailTabs({ turn, call, log }: SpanDetails): readonly DetailTab[] {
  if (turn) return turnTabs(turn);
  if (call) {
    return [
      {
        name: 'Arguments and result',
        content: (
          <SideBySide>
            <ValueView label="Arguments" value={call.arguments} empty="None" />
            <ValueView label="Result" value={call.result?.content} empty="Nothing yet" />
          </SideBySide>
        ),
      },
    ];
  }
  return log ? logTabs(log) : [];
}

function turnTabs(turn: TurnDetails): readonly DetailTab[] {
  const messages = messagesIn(turn.request);
  return [
    {
      name: 'Messages',
      content: (
        <MessageList
          messages={[...messages, ...(turn.message ? [turn.message] : [])]}
          lastIsAnswer={turn.message !== null}
        />
      ),
    },
    ...optional('Parameters', withoutMessages(turn.request)),
    ...optional('Tools', turn.request?.['tools']),
    ...optional('Raw request', turn.request),
    ...optional('Raw response', turn.response),
  ];
}

function logTabs(log: LogResponse): readonly DetailTab[] {
  const judgment = 'judgment' in log ? log.judgment : undefined;
  const output = judgment ?? log.output ?? log.output_message;
  const hasMessages = log.messages.length > 0;
  return [
    {
      name: judgment === undefined || judgment === null ? 'Input and output' : 'Judgment',
      content: (
        <SideBySide>
          <ValueView
            label="Input"
            value={hasMembers(log.inputs) ? log.inputs : undefined}
            empty="No inputs"
          />
          <ValueView label="Output" value={output} empty={log.error ? 'None' : 'Nothing yet'} />
        </SideBySide>
      ),
    },
    ...(hasMessages
      ? [
          {
            name: 'Messages',
            content: <MessageList messages={log.messages} lastIsAnswer={false} />,
          },
        ]
      : []),
    ...optional('Printed', log.stdout),
    ...optional('Raw request', log.provider_request),
    ...optional('Raw response', log.provider_response),
    ...optional('Metadata', hasMembers(log.metadata) ? log.metadata : undefined),
  ];
}

function optional(name: string, value: unknown): readonly DetailTab[] {
  if (value === undefined || value === null || value === '') return [];
  return [{ name, content: <ValueView label={name} value={value} /> }];
}

function SideBySide({ children }: { readonly children: ReactNode }) {
  return <div className="grid gap-x-3 gap-y-2 @lg:grid-cols-2">{children}</div>;
}

/** The messages in a raw request; vendors have two names for their list. */
function messagesIn(request: TurnDetails['request']): readonly ChatMessage[] {
  const messages = request?.['messages'];
  return Array.isArray(messages) ? (messages as ChatMessage[]) : [];
}

function withoutMessages(request: TurnDetails['request']): unknown {
  if (!request) return undefined;
  const { messages, tools, contents, ...parameters } = request;
  return parameters;
}

function hasMembers(value: object | null): boolean {
  return value !== null && Object.keys(value).length > 0;
}
