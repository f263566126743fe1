import { parseExact } from '../../json/exact-json.ts';
import type { Spec } from '../spec/spec.ts';
import { inputOf, variablesOf } from '../spec/variables.ts';

/** What a person wrote for each input. An input that is not there has no value. */
export type InputTexts = Readonly<Record<string, string>>;

/** An input that is asked for. */
export interface WantedInput {
  readonly name: string;
  /** A member of it is read (`user.name`), so it is JSON. */
  readonly isJson: boolean;
}

/** The inputs that some specs read, in the order of their first use. */
export function wantedInputs(specs: readonly Spec[]): readonly WantedInput[] {
  const wanted = new Map<string, WantedInput>();
  for (const variable of specs.flatMap(variablesOf)) {
    const name = inputOf(variable);
    const isJson = name !== variable || wanted.get(name)?.isJson === true;
    wanted.set(name, { name, isJson });
  }
  return [...wanted.values()];
}

/** Inputs that have a value and are not read. */
export function unusedInputs(texts: InputTexts, wanted: readonly WantedInput[]): readonly string[] {
  const names = new Set(wanted.map(({ name }) => name));
  return Object.keys(texts).filter((name) => !names.has(name));
}

/** Variables of a spec whose input has no value. */
export function unknownVariables(spec: Spec, texts: InputTexts): ReadonlySet<string> {
  return new Set(variablesOf(spec).filter((variable) => texts[inputOf(variable)] === undefined));
}

/** The values of the inputs that are wanted. What is JSON is read as such; other texts are texts. */
export function inputValues(
  texts: InputTexts,
  wanted: readonly WantedInput[],
): Record<string, unknown> {
  return Object.fromEntries(
    wanted.flatMap(({ name, isJson }) => {
      const text = texts[name];
      if (text === undefined) return [];
      return [[name, isJson || /^\s*[[{]/.test(text) ? jsonIn(text) : text]];
    }),
  );
}

function jsonIn(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    return text;
  }
}
