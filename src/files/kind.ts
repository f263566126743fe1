import type { TObject, TProperties } from 'typebox';
import type { FileType, SpecOf } from '../contract/kinds/index.ts';
import type { LogRequest } from '../contract/log.ts';
import type { Workspace } from '../database/workspace.ts';
import type { IdPrefix } from '../kernel/ids.ts';
import type { FileVersion } from './file-version.ts';

/** The fields of a request, or of a spec whose kind does not matter. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Everything the shared machinery needs to know about one kind of file.
 *
 * @typeParam Spec what its functions take: a spec that was checked against `spec`. The machinery
 *   hands them fields of which it does not know more.
 */
export interface FileKind<K extends FileType = FileType, Spec = Fields> {
  /** Value of `type` on the wire: `agent`. */
  readonly type: K;
  /** URL segment and prefix of operation ids: `agents`. */
  readonly collection: `${K}s`;
  readonly idPrefix: IdPrefix;
  readonly versionIdPrefix: IdPrefix;
  /** The schema of the fields that define a version. */
  readonly spec: TObject;
  /**
   * The one form of a spec: defaults filled in, what does not count left out. Equal forms are the
   * same version; this form is what is stored and answered.
   *
   * @throws `invalid` for what the schema cannot say, such as two tools of one name.
   */
  readonly canonicalSpec: (spec: Spec) => Fields;
  /** Names of what a run of it is given: variables of its template, arguments of its function. */
  readonly inputNames: (spec: Spec) => readonly string[];
  /** Ids of files that a spec names, and where in the request it names them. */
  readonly links: (spec: Spec) => readonly FileLink[];
  /**
   * True: its links lead to files that link nothing, so every answer about a version shows those
   * files. Links of other kinds may lead back to the version, so they are followed only in an answer
   * about that version alone.
   */
  readonly linksEnd?: true;
  /**
   * What a model hands to a file of this kind that is its tool: a value for each input, or a message
   * where it has no inputs, or whatever it likes. Files of a kind without it cannot be tools.
   */
  readonly takesAsTool?: (spec: Spec) => 'inputs' | 'message' | 'anything';
  /** Headers of servers that a spec names: secrets, which are stored encrypted and never shown. */
  readonly headers?: (spec: Spec) => readonly HeaderPlace[];
  /** What answers say of a version beside its spec, or in place of it: the schema, and the value. */
  readonly derived?: {
    readonly properties: TProperties;
    /** @param spec as it may be shown: without secrets. */
    readonly of: (spec: Spec, linked: ShownLinks) => Fields;
  };
  /** What answers say of a version only when they are asked to, since it is stored elsewhere. */
  readonly details?: VersionDetails;
  /** How its runs are recorded; kinds without it have no logs. */
  readonly log?: LogForm<Spec>;
  /** How a version is written as the text of a file; kinds without it have no such text. */
  readonly text?: TextForm;
}

/** How runs of a kind are recorded, and what their logs are. */
export interface LogForm<Spec = Fields> {
  /** The body of `POST /{collection}/log`. */
  readonly request: TObject;
  /** The body that changes such a log; without it logs are as they were made. */
  readonly update?: TObject;
  /** The member of a request that describes the version in place: `agent`. */
  readonly inline: string;
  /**
   * How the model calls of a run belong together: each goes on with the conversation of the one
   * before (an agent), or each is another answer to the same question (a prompt). Without it runs
   * make no model calls of their own.
   */
  readonly turns?: 'conversation' | 'samples';
  /** True: a log without a parent is the root of a trace of its own. */
  readonly beginsTrace?: true;
  /**
   * True: a log stands for all that was logged below it. It lasts from the first of those to the
   * last, and is complete only with an outcome of its own.
   */
  readonly isWholeTrace?: true;
  /** True: a log is a judgment on another log, its parent. */
  readonly isJudgment?: true;
  /** True: the inputs of a run are all that it was asked. */
  readonly isAskedByInputs?: true;
  /** @throws `invalid` for a request to record what a version with this spec cannot have done. */
  readonly check?: (spec: Spec, request: LogRequest) => void;
}

/** A header of a server in a spec, and where it stands there. */
export interface HeaderPlace {
  readonly url: string;
  /** In lower case. */
  readonly name: string;
  /** Text as the client gave it; in a stored spec the encrypted value. */
  readonly value: unknown;
  readonly loc: Loc;
}

/** A place in a spec: `['tools', 0, 'link']`. */
export type Loc = readonly (string | number)[];

/** The files that the links of a version lead to, as an answer about the version shows them. */
export interface ShownLinks {
  /** In the order of the links; undefined for a link that leads nowhere, or is not followed here. */
  readonly files: readonly (FileVersion | undefined)[];
  readonly bodyOf: (file: FileVersion) => Fields;
}

/** Further members of the answers about a version. */
export interface VersionDetails {
  /** The members of a query that ask for them: about one version, and about all of a file. */
  readonly query: TProperties;
  readonly versionsQuery: TProperties;
  readonly properties: TProperties;
  /** Loads them, by the ids of the versions; of all versions of a file, the newest comes first. */
  readonly load: (
    workspace: Workspace,
    versionIds: readonly string[],
    query: Fields,
  ) => Promise<ReadonlyMap<string, Fields>>;
}

/** What a kind needs beside its spec to be read from the text of a file: `.agent`, `.prompt`. */
export interface TextForm {
  /** A tool as a file may have it, in the form of the API. Nothing was checked yet. */
  readonly toApiTool: (tool: unknown) => unknown;
}

/** A file that a spec names. */
export interface FileLink {
  readonly fileId: string;
  readonly versionId: string | undefined;
  readonly environmentId: string | undefined;
  /** The member of the request that names it, below the spec: `['tools', 0, 'link']`. */
  readonly loc: Loc;
  /** The kinds of file that it may name; not given: any that can be a tool. */
  readonly types?: readonly FileType[];
}

/** Declares a kind by functions that know its spec. */
export function defineFileKind<K extends FileType>(kind: FileKind<K, SpecOf<K>>): FileKind<K> {
  // The cast is safe because callers only pass specs that were checked or stored as this kind's.
  return kind as FileKind<K>;
}
