import { modelDefaults } from '../contract/kinds/model.ts';
import type { Fields, FileKind } from './kind.ts';

/** The numbers of a model call that a version may leave to the vendor. */
const leavable = ['temperature', 'top_p', 'presence_penalty', 'frequency_penalty'] as const;

/**
 * The fields whose default a request wrote out. A version that writes `temperature: 1` is the same
 * version as one that says nothing, but its 1 is sent: the vendor may have another default.
 *
 * @param spec as it was requested.
 */
export function givenDefaults(kind: FileKind, spec: Fields): readonly string[] {
  const model = kind.model?.(spec);
  return model ? leavable.filter((name) => model[name] === modelDefaults[name]) : [];
}

/** A spec to store, which remembers its given defaults. They are no part of its identity. */
export function withGivenDefaults(spec: Fields, names: readonly string[]): Fields {
  return names.length === 0 ? spec : { ...spec, given_defaults: names };
}

/** The given defaults of a stored spec. */
export function givenDefaultsOf(spec: object): readonly string[] {
  return 'given_defaults' in spec ? (spec.given_defaults as readonly string[]) : [];
}

/** The canonical form of a requested spec, without the defaults that it does not write out. */
export function asWritten(kind: FileKind, spec: Fields): Fields {
  return asRequested(withGivenDefaults(kind.canonicalSpec(spec), givenDefaults(kind, spec)));
}

/** A stored spec as a request would write it: without the defaults that were filled in. */
export function asRequested(spec: Fields): Fields {
  const given = givenDefaultsOf(spec);
  const filledIn = new Set<string>(
    leavable.filter((name) => spec[name] === modelDefaults[name] && !given.includes(name)),
  );
  const entries = Object.entries(withoutGivenDefaults(spec));
  return Object.fromEntries(entries.filter(([name]) => !filledIn.has(name)));
}

/** A stored spec as answers show it. */
export function withoutGivenDefaults(spec: Fields): Fields {
  const { given_defaults: _names, ...shown } = spec;
  return shown;
}
