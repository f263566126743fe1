import type { ProviderApiKeys } from '../../contract/providers.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { FileVersion } from '../../files/file-version.ts';
import type { FileKind } from '../../files/kind.ts';
import type { LogRecord } from '../../logs/log-record.ts';
import type { Running, RunOutcome } from '../events/run-event.ts';
import type { AgentTools } from '../kinds/agent/agent-tools.ts';
import type { Run } from './run.ts';
import type { RuntimeParts } from './runtime-parts.ts';

/** How the versions of a kind are run. */
export interface Runnable {
  readonly kind: FileKind;
  /** @throws `invalid` for a version that cannot be run as the request wants it. */
  readonly check: (parts: RuntimeParts, call: UncheckedCall) => void | Promise<void>;
  /** What a version offers its model to call. */
  readonly tools: (workspace: Workspace, version: FileVersion) => Promise<AgentTools>;
  /** The steps of a run, from its first on, or from where it is when it was driven before. */
  readonly steps: (run: Run) => Running<RunOutcome>;
}

/** A call whose version has been found. */
export interface UncheckedCall {
  readonly workspace: Workspace;
  readonly version: FileVersion;
  readonly record: LogRecord;
  readonly tools: AgentTools;
  readonly providerApiKeys: ProviderApiKeys;
}
