import { parseExactJson } from '../../../kernel/exact-json.ts';
import { answerQuestions } from '../../../kernel/work-thread.ts';
import type { DearCheck, DearFound } from './arguments-fault.ts';
import { checkInProcessorTime } from './check-in-time.ts';

/** The schemas of late, so that each is compiled once. */
const schemas = new Map<string, Readonly<Record<string, unknown>>>();
const mostSchemas = 100;

answerQuestions(({ schema, given }: DearCheck): DearFound => {
  let read = schemas.get(schema);
  if (!read) {
    read = parseExactJson(schema) as Readonly<Record<string, unknown>>;
    if (schemas.size === mostSchemas) schemas.clear();
    schemas.set(schema, read);
  }
  const begun = performance.now();
  const found = checkInProcessorTime(read, parseExactJson(given));
  return { found, ms: performance.now() - begun };
});
