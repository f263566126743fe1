import type { Database } from '../database/database.ts';
import type { Logger } from '../kernel/logger.ts';
import { type SecretBox, secretBox, secretKeyId } from '../kernel/secret-box.ts';
import { ensureSecretKey, findSecretKey, secretKeyPath } from '../kernel/secret-key-file.ts';
import { StartFailure } from '../kernel/start-failure.ts';
import {
  countLostValues,
  findUsedKeys,
  type LostValues,
  noteKeys,
} from './sealed-value-queries.ts';

interface SecretKeySettings {
  /** Undefined: the key is in a file in `dataDir`, which is created when missing. */
  readonly secretKey: Buffer | undefined;
  readonly previousSecretKey: Buffer | undefined;
  /** True when the operator accepts that values encrypted with another key are lost. */
  readonly isSecretKeyLost: boolean;
  readonly dataDir: string;
}

/**
 * Opens the secret box of a server, with the keys from its settings or its data folder.
 *
 * The database records which keys servers have used. When one of them is missing here and stored
 * values need it, the server refuses to start: otherwise the operator would learn of the loss only
 * from failing calls, and after new values were encrypted with another key.
 *
 * @throws StartFailure that lists the lost values, unless the settings accept the loss.
 */
export async function openSecretBox(
  database: Database,
  settings: SecretKeySettings,
  logger: Logger,
): Promise<SecretBox> {
  const { secretKey, previousSecretKey: previous, dataDir } = settings;
  // Makes no new key yet: first it must be clear that no key is missing.
  const found = secretKey ?? (await findSecretKey(dataDir));
  const known = [found, previous].flatMap((key) => (key ? [secretKeyId(key)] : []));
  const isKnown = (id: Buffer) => known.some((each) => each.equals(id));
  const used = await findUsedKeys(database);
  // An empty list comes from an older release, whose values must be counted, or from a new
  // database, which has none.
  if (used.length === 0 || !used.every(isKnown)) {
    const lost = lossText(await countLostValues(database, known));
    if (lost !== undefined && !settings.isSecretKeyLost) throw lostKey(settings, found, lost);
    if (lost !== undefined) {
      const lossNote = `${lost} cannot be read, because their secret key is lost. Set the values again, or delete them.`;
      logger.warn({}, lossNote);
    }
  }
  const key = found ?? (await ensureSecretKey(dataDir));
  const ids = [secretKeyId(key), ...(previous ? [secretKeyId(previous)] : [])];
  await noteKeys(database, ids, settings.isSecretKeyLost);
  return secretBox(key, previous);
}

function lostKey(
  { secretKey, dataDir }: SecretKeySettings,
  found: Buffer | undefined,
  lost: string,
): StartFailure {
  const path = secretKeyPath(dataDir);
  const theKey = `the key that encrypted ${lost} in this database`;
  const [happened, remedy] = secretKey
    ? [`LOOPWRIGHT_SECRET_KEY is not ${theKey}`, 'set LOOPWRIGHT_SECRET_KEY_PREVIOUS to that key']
    : [
        found
          ? `LOOPWRIGHT_DATA_DIR has a secret key in ${path} that is not ${theKey}`
          : `LOOPWRIGHT_DATA_DIR lacks the file ${path} with ${theKey}`,
        'restore the file, or set LOOPWRIGHT_SECRET_KEY_PREVIOUS to the key that was in it',
      ];
  return new StartFailure(
    happened,
    `${remedy}. If that key is lost for good, start once with LOOPWRIGHT_SECRET_KEY_PREVIOUS=lost and set the values again`,
  );
}

/** `2 provider keys and 1 tool variable`; undefined when nothing is lost. */
function lossText(values: LostValues): string | undefined {
  const parts = [
    counted(values.providerKeys, 'provider key', 'provider keys'),
    counted(
      values.endpoints,
      'custom endpoint with a key or headers',
      'custom endpoints with a key or headers',
    ),
    counted(values.toolVariables, 'tool variable', 'tool variables'),
    counted(
      values.agents,
      'agent with headers for MCP servers',
      'agents with headers for MCP servers',
    ),
    counted(
      values.conversations,
      'suspended run with save: false',
      'suspended runs with save: false',
    ),
  ].flat();
  return parts.length === 0 ? undefined : new Intl.ListFormat('en').format(parts);
}

function counted(count: number, one: string, many: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
}
