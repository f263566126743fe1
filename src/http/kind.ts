import type { FastifyPluginAsync } from 'fastify';
import type { TSchema } from 'typebox';
import type { FileType } from '../contract/kinds/index.ts';
import type { FileKind } from '../files/kind.ts';
import type { KindRuntime } from '../runtime/kinds/runtime-parts.ts';
import type { CallForm } from './routes/call-routes.ts';
import type { RunWire } from './routes/run-response.ts';

/** What the API needs to know about a kind of file, beside its {@link FileKind}. */
export interface HttpKind<K extends FileType = FileType> {
  readonly kind: FileKind<K>;
  /**
   * How versions are called, and how their runs are answered; kinds without it cannot be called.
   */
  readonly call?: CallForm;
  /** How answers show runs that only the server starts. */
  readonly runWire?: RunWire;
  /** Routes that only this kind has, below its collection. */
  readonly routes?: (runtime: KindRuntime) => FastifyPluginAsync;
  /** Operations of the shared routes that `routes` implements in another form. */
  readonly replaces?: readonly ('upsert' | 'update_log')[];
  /** Schemas that its routes refer to, by their names in the document. */
  readonly components?: Readonly<Record<string, TSchema>>;
}
