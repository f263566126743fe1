import type { FileResponse } from '../../api/types.ts';
import { bodyOf, type Spec, tidy } from '../../editor/spec/spec.ts';
import type { Attributes } from '../editor/attribute-rows.ts';

type Evaluator = Extract<FileResponse, { type: 'evaluator' }>;
type Details = Evaluator['spec'];

export type Judge = Details['evaluator_type'];
export type ReturnType = Details['return_type'];
export type Valence = 'positive' | 'negative' | 'neutral';

/** One of the judgments that can be chosen. */
export interface Option {
  readonly name: string;
  readonly valence: Valence | undefined;
}

/** What defines a version of an evaluator. What its type does not use is kept while the type is changed. */
export interface EvaluatorFields {
  readonly judge: Judge;
  readonly needsTarget: boolean;
  readonly returns: ReturnType;
  readonly options: readonly Option[];
  readonly limits: { readonly min?: number; readonly max?: number; readonly step?: number };
  /** Whether a high number is good. */
  readonly numberValence: Valence | undefined;
  readonly code: string;
  readonly prompt: Spec;
  readonly instructions: string;
  readonly attributes: Attributes;
}

export function readEvaluator(version: FileResponse): EvaluatorFields {
  const { spec: details = {}, given_defaults } =
    version.type === 'evaluator' ? version : ({} as Partial<Evaluator>);
  const spec = details as Partial<AnyDetails>;
  return {
    judge: spec.evaluator_type ?? 'python',
    needsTarget: spec.arguments_type === 'target_required',
    returns: spec.return_type ?? 'boolean',
    options: (spec.options ?? []).map(({ name, valence }) => ({
      name,
      valence: valence ?? undefined,
    })),
    limits: withoutNull(spec.number_limits ?? {}),
    numberValence: spec.number_valence ?? undefined,
    code: spec.code ?? '',
    prompt: tidy('prompt', { model: '', ...spec.prompt, given_defaults }),
    instructions: spec.instructions ?? '',
    attributes: spec.attributes ?? {},
  };
}

/** The fields by the names that the API has for them, with what the type uses alone. */
export function writeEvaluator(fields: EvaluatorFields): { readonly spec: Details } {
  const { judge, returns, options, limits, numberValence, attributes } = fields;
  const own = {
    python: { code: fields.code },
    llm: { prompt: bodyOf(fields.prompt) },
    human: fields.instructions === '' ? {} : { instructions: fields.instructions },
    external: {},
  };
  const isChoice = returns === 'select' || returns === 'multi_select';
  const spec = {
    evaluator_type: judge,
    arguments_type: fields.needsTarget ? 'target_required' : 'target_free',
    return_type: returns,
    ...(isChoice && options.length > 0 && { options }),
    ...(returns === 'number' && Object.keys(limits).length > 0 && { number_limits: limits }),
    ...(returns === 'number' && numberValence && { number_valence: numberValence }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...own[judge],
  };
  return { spec: spec as Details };
}

/** The fields of all types. */
type AnyDetails = Omit<Details, 'evaluator_type'> & {
  readonly evaluator_type: Judge;
  readonly code: string;
  readonly prompt: Readonly<Record<string, unknown>> | null;
  readonly instructions: string | null;
};

function withoutNull(
  limits: Readonly<Record<string, number | null | undefined>>,
): EvaluatorFields['limits'] {
  return Object.fromEntries(
    Object.entries(limits).filter(([, limit]) => limit !== null && limit !== undefined),
  );
}
