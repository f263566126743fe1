import type { FastifyPluginAsync } from 'fastify';
import type { TSchema } from 'typebox';
import type { FileType } from '../contract/kinds/index.ts';
import type { FileKind } from '../files/kind.ts';
import type { KindRuntime } from '../runtime/kinds/runtime-parts.ts';
import type { CallForm } from './routes/call-routes.ts';

/** What the API needs to know about one kind of file, beyond what its {@link FileKind} says. */
export interface HttpKind<K extends FileType = FileType> {
  readonly kind: FileKind<K>;
  /** How its versions are called and how their runs are answered; kinds without it are not run. */
  readonly call?: CallForm;
  /** Routes that no other kind has, below its collection. */
  readonly routes?: (runtime: KindRuntime) => FastifyPluginAsync;
  /** Operations of the shared routes that `routes` has in another form. */
  readonly replaces?: readonly ('upsert' | 'update_log')[];
  /** Schemas that its routes name, by the names that the document has for them. */
  readonly components?: Readonly<Record<string, TSchema>>;
}
