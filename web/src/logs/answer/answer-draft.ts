import { useState } from 'react';
import { parseExact } from '../../json/exact-json.ts';
import { UnreadableJson } from '../../schema-form/unreadable-json.ts';
import { isComposed } from '../values/json-text.ts';

/** What somebody has written so far to answer a tool call. */
export interface AnswerDraft {
  /** The call is rejected; `reason` says why. */
  readonly isRejected: boolean;
  readonly reason: string;
  /** As text, or as JSON: what the field for it has in it. */
  readonly text: string;
  readonly isJson: boolean;
  /** What the form of a schema has in it; undefined: nothing was changed. */
  readonly value: unknown;
}

export const emptyDraft: AnswerDraft = {
  isRejected: false,
  reason: '',
  text: '',
  isJson: false,
  value: undefined,
};

export interface AnswerDrafts {
  readonly of: (callId: string) => AnswerDraft;
  readonly change: (callId: string, change: Partial<AnswerDraft>) => void;
  /** The calls for which something was written. */
  readonly callIds: readonly string[];
  readonly clear: () => void;
}

type Stored = Readonly<Record<string, AnswerDraft>>;

/** The drafts of a log, by the ids of its calls. A reload, and signing in again, keep them in this browser. */
export function useAnswerDrafts(logId: string): AnswerDrafts {
  const key = keyOf(logId);
  const [drafts, setDrafts] = useState<Stored>(() => readAnswerDrafts(logId));
  return {
    of: (callId) => drafts[callId] ?? emptyDraft,
    change: (callId, change) =>
      setDrafts((before) => {
        const next = { ...before, [callId]: { ...emptyDraft, ...before[callId], ...change } };
        localStorage.setItem(key, write(next));
        return next;
      }),
    callIds: Object.keys(drafts),
    clear: () => {
      localStorage.removeItem(key);
      setDrafts({});
    },
  };
}

/** What was written to answer calls of a log, by their ids. */
export function readAnswerDrafts(logId: string): Stored {
  return read(localStorage.getItem(keyOf(logId)));
}

/** Whether something was written to answer calls of a log. */
export function hasAnswerDrafts(logId: string): boolean {
  return localStorage.getItem(keyOf(logId)) !== null;
}

function keyOf(logId: string): string {
  return `loopwright.answers.${logId}`;
}

/** JSON that cannot be read yet is kept as it was typed. */
function write(drafts: Stored): string {
  return JSON.stringify(drafts, (_name, value: unknown) =>
    value instanceof UnreadableJson ? { [unreadable]: value.text } : value,
  );
}

function read(text: string | null): Stored {
  if (text === null) return {};
  try {
    return withUnreadable(parseExact(text)) as Stored;
  } catch {
    return {};
  }
}

function withUnreadable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUnreadable);
  if (!isComposed(value)) return value;
  const members = value as Readonly<Record<string, unknown>>;
  if (unreadable in members) {
    return new UnreadableJson(String(members[unreadable]), 'it was not finished.');
  }
  return Object.fromEntries(
    Object.entries(members).map(([name, one]) => [name, withUnreadable(one)]),
  );
}

const unreadable = '$unreadable';
