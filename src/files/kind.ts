import type { TObject, TProperties } from 'typebox';
import type { FileType, SpecOf } from '../contract/kinds/index.ts';
import type { ModelSpec } from '../contract/kinds/model.ts';
import type { LogRequest } from '../contract/log.ts';
import type { Workspace } from '../database/workspace.ts';
import type { IdPrefix } from '../kernel/ids.ts';
import type { FileVersion } from './file-version.ts';

/** The fields of a request, or of a spec whose kind does not matter. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Everything the shared machinery needs to know about one kind of file.
 *
 * @typeParam Spec what the functions take: a spec of this kind. A kind declares them with its own
 *   type; the machinery calls them with fields that were checked against `spec`, or stored.
 */
export interface FileKind<K extends FileType = FileType, Spec = Fields> {
  /** The `type` on the wire: `agent`. */
  readonly type: K;
  /** The URL segment, and the prefix of operation ids: `agents`. */
  readonly collection: `${K}s`;
  readonly idPrefix: IdPrefix;
  readonly versionIdPrefix: IdPrefix;
  /** The schema of the fields that define a version. */
  readonly spec: TObject;
  /**
   * The canonical form of a spec: defaults filled in, meaningless differences removed. Specs with
   * the same form are the same version. This form is stored and shown.
   *
   * @throws `invalid` for faults that a schema cannot describe, such as two tools of one name.
   */
  readonly canonicalSpec: (spec: Spec) => Fields;
  /** The names of a run's inputs: variables of a template, arguments of a function. */
  readonly inputNames: (spec: Spec) => readonly string[];
  /** The model that a version asks. A kind without this field asks none. */
  readonly model?: (spec: Spec) => ModelSpec | null | undefined;
  /** The providers that a spec names, and where in the request it names them. */
  readonly providers?: (spec: Spec) => readonly ProviderPlace[];
  /** The files that a spec names, and where in the request it names them. */
  readonly links: (spec: Spec) => readonly FileLink[];
  /**
   * True: links lead only to files without links, so every answer about a version shows the linked
   * files. Links of other kinds can lead back to the version, so they are followed only in an
   * answer about that version alone.
   */
  readonly linksEnd?: true;
  /**
   * What a model passes to a file that is its tool: a value for each input; a message, if there are
   * no inputs; or any arguments, if the file does not declare them. A file of a kind without this
   * field cannot be a tool.
   */
  readonly takesAsTool?: (spec: Spec) => 'inputs' | 'message' | 'anything';
  /** The headers of MCP servers in a spec. They are secrets: stored encrypted, and never shown. */
  readonly headers?: (spec: Spec) => readonly HeaderPlace[];
  /**
   * Members of answers that are computed from the spec. They are shown beside its fields or in
   * place of them.
   */
  readonly derived?: {
    readonly properties: TProperties;
    /** @param spec a spec without secrets. */
    readonly of: (spec: Spec, linked: ShownLinks) => Fields;
  };
  /** Members of answers that are stored elsewhere, and loaded only if a query asks for them. */
  readonly details?: VersionDetails;
  /** How runs are recorded. Kinds without this field have no logs. */
  readonly log?: LogForm<Spec>;
  /** How a version is written as a text file. Kinds without this field have no text files. */
  readonly text?: TextForm;
}

/** How the runs of a kind are recorded, and what their logs are. */
export interface LogForm<Spec = Fields> {
  /** The body of `POST /{collection}/log`. */
  readonly request: TObject;
  /** The body that changes a log. Without it, logs of the kind cannot be changed. */
  readonly update?: TObject;
  /** The member of a request that describes the version in place: `agent`. */
  readonly inline: string;
  /**
   * How the model calls of a run belong together: each continues the conversation of the one before
   * (an agent), or each is another answer to the same question (a prompt). Without it, runs make no
   * model calls of their own.
   */
  readonly turns?: 'conversation' | 'samples';
  /** True: a log without a parent is the root of a trace of its own. */
  readonly beginsTrace?: true;
  /**
   * True: a log stands for all logs below it. It lasts from the first of them to the last, and is
   * complete only with an outcome of its own.
   */
  readonly isWholeTrace?: true;
  /** True: a log is a judgment on another log, its parent. */
  readonly isJudgment?: true;
  /** True: a run's inputs are its whole request. */
  readonly isAskedByInputs?: true;
  /** @throws `invalid` for the log of a run that a version with this spec cannot have made. */
  readonly check?: (spec: Spec, request: LogRequest) => void;
}

/** A header of a server in a spec, and its place there. */
export interface HeaderPlace {
  readonly url: string;
  /** In lower case. */
  readonly name: string;
  /** The text from the client, or in a stored spec the encrypted value. */
  readonly value: unknown;
  readonly loc: Loc;
}

/** The provider of a model in a spec, and its place there. */
export interface ProviderPlace {
  readonly name: string;
  readonly loc: Loc;
}

/** A place in a spec: `['tools', 0, 'link']`. */
export type Loc = readonly (string | number)[];

/** The files that a version links to, as an answer about the version shows them. */
export interface ShownLinks {
  /**
   * In the order of the links; undefined for a link whose file does not exist, or that is not
   * followed here.
   */
  readonly files: readonly (FileVersion | undefined)[];
  readonly bodyOf: (file: FileVersion) => Fields;
}

/** Members of answers that are loaded on request. */
export interface VersionDetails {
  /** The query parameters that ask for them: for one version, and for all versions of a file. */
  readonly query: TProperties;
  readonly versionsQuery: TProperties;
  readonly properties: TProperties;
  /** Loads them by version id. For all versions of a file, the ids come newest first. */
  readonly load: (
    workspace: Workspace,
    versionIds: readonly string[],
    query: Fields,
  ) => Promise<ReadonlyMap<string, Fields>>;
}

/** What a kind needs, beside its spec, to be read from an `.agent` or `.prompt` file. */
export interface TextForm {
  /** Converts a tool from the form of a file to that of the API. The tool is not checked yet. */
  readonly toApiTool: (tool: unknown) => unknown;
}

/** A link from a spec to a file. */
export interface FileLink {
  readonly fileId: string;
  readonly versionId: string | undefined;
  readonly environmentId: string | undefined;
  /** The member of the spec that contains the link: `['tools', 0, 'link']`. */
  readonly loc: Loc;
  /** The kinds of file that the link may name; if absent, any kind that can be a tool. */
  readonly types?: readonly FileType[];
}

/** Declares a kind with functions that know the type of its spec. */
export function defineFileKind<K extends FileType>(kind: FileKind<K, SpecOf<K>>): FileKind<K> {
  // The cast is safe because callers only pass specs that were checked or stored as this kind's.
  return kind as FileKind<K>;
}
