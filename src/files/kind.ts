import type { Static, TObject } from 'typebox';
import type { IdPrefix } from '../kernel/ids.ts';

/** What a kind of file can do beyond being stored, versioned and deployed. */
export interface Capabilities {
  /** `POST /{collection}/call` runs a version. */
  readonly call: boolean;
  /** `POST /{collection}/log` records a run made elsewhere. */
  readonly log: boolean;
}

/** Everything the shared machinery needs to know about one kind of file. */
export interface FileKind<Type extends string = string, Spec extends TObject = TObject> {
  /** Value of `type` on the wire: `agent`. */
  readonly type: Type;
  /** URL segment and prefix of operation ids: `agents`. */
  readonly collection: `${Type}s`;
  readonly idPrefix: IdPrefix;
  readonly versionIdPrefix: IdPrefix;
  /** The fields that define a version. */
  readonly spec: Spec;
  readonly can: Capabilities;
  /**
   * The one form of a spec: defaults filled in, what does not count left out. Equal forms are the
   * same version; this form is what is stored and answered.
   *
   * @throws `invalid` for what the schema cannot say, such as two tools of one name.
   */
  readonly canonicalSpec: (spec: Static<Spec>) => Readonly<Record<string, unknown>>;
  /** Names of the variables in its template, in order of first use. */
  readonly inputNames: (spec: Readonly<Record<string, unknown>>) => readonly string[];
  /** Ids of files that a spec names, and where in the request it names them. */
  readonly links: (spec: Static<Spec>) => readonly FileLink[];
  /** How a version is written as the text of a file; kinds without it have no such text. */
  readonly text?: TextForm;
}

/** What a kind needs beside its spec to be read from the text of a file: `.agent`, `.prompt`. */
export interface TextForm {
  /** A tool as a file may have it, in the form of the API. Nothing was checked yet. */
  readonly toolOf: (tool: unknown) => unknown;
}

/** A file that a spec names. */
export interface FileLink {
  readonly fileId: string;
  readonly versionId: string | undefined;
  readonly environmentId: string | undefined;
  /** The member of the request that names it, below the spec: `['tools', 0, 'link']`. */
  readonly loc: readonly (string | number)[];
}

/** Declares a kind, keeping its literal types. */
export function defineFileKind<const Type extends string, Spec extends TObject>(
  kind: FileKind<Type, Spec>,
): FileKind<Type, Spec> {
  return kind;
}

/** A record without its nulls: in a spec, `null` is the same as leaving a field out. */
export function withoutNulls(record: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== null && value !== undefined),
  );
}

/** A value without nulls in any of its objects; for those in which no field is free. */
export function withoutNullsBelow(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNullsBelow);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(withoutNulls(value)).map(([key, member]) => [key, withoutNullsBelow(member)]),
  );
}
