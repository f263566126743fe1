import type { FileType } from '../../contract/kinds/index.ts';
import type { FileVersion } from '../../files/file-version.ts';
import type { FileKind, LogForm } from '../../files/kind.ts';
import { printSpecText } from '../../files/text-format/print-spec-text.ts';
import { contentId } from '../../kernel/ids.ts';
import { fileBody, specBody } from '../wire/file.ts';
import { createdStatus } from '../wire/log.ts';
import { kindName } from './components.ts';
import { at, politeness, production, versions } from './examples/files.ts';
import { type LoggedType, logAnswer, logRequests, logUpdates, records } from './examples/logs.ts';
import { furtherUpserts, upserts } from './examples/upserts.ts';
import type { OperationText } from './operation-text.ts';

type Operations = Readonly<Record<string, OperationText>>;

/** The texts of the operations that kinds share, by verb, in the words of one kind. */
export function operationsOfKind(kind: FileKind): Operations {
  const type = kind.type;
  return {
    ...fileOperations(type),
    ...versionOperations(type),
    ...(kind.text ? textOperations(kind) : {}),
    ...(kind.log ? logOperations(type as LoggedType, kind.log) : {}),
  };
}

const moved = {
  path: 'Archive/2026/Renamed',
  name: 'Renamed',
  directoryId: contentId('dir', 'Archive/2026'),
};

const named = { versionName: 'v1.1', versionDescription: 'Clearer than before.' };

function articled(type: FileType): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** The answer about the example file of a kind, with some changes. */
function fileAnswer(type: FileType, changes: Changes = {}) {
  return fileBody({ ...versions[type], ...changes });
}

type Changes = Partial<
  Pick<FileVersion, 'path' | 'name' | 'directoryId' | 'versionName' | 'versionDescription'>
>;

function fileOperations(type: FileType): Operations {
  const [a, name, body] = [articled(type), kindName({ type }), fileAnswer(type)];
  const answer = { [name]: body };
  return {
    list: {
      summary: `List ${type}s`,
      description: `One page of the ${type}s, each in the version deployed to the default environment, or in its newest if none is.`,
      returns: `The ${type}s of the page, and how many match.`,
      answer: { [`${name}Page`]: { records: [body], page: 1, size: 10, total: 1 } },
    },
    upsert: {
      summary: `Store a version of ${a}`,
      description: `Makes the ${type} at \`path\` if there is none, and a version of it if none has this content: storing the same again changes nothing. The first version is deployed to the default environment.`,
      returns: 'The version with this content.',
      request: {
        [`${name}Upsert`]: upserts[type],
        ...furtherUpserts[type],
      },
      answer,
      refusals: ['file_not_found', 'path_taken', 'version_name_taken'],
    },
    get: {
      summary: `Get ${a}`,
      description: `One version of ${a}: the one named, the one deployed to the environment named, or else the one deployed to the default environment; the newest if none is.`,
      returns: 'The version.',
      answer,
      refusals: ['file_not_found', 'version_not_found', 'nothing_deployed'],
    },
    move: {
      summary: `Move or rename ${a}`,
      description: `Gives ${a} another path: a whole one, or another name, directory, or both. Its id, versions and logs stay as they are.`,
      returns: `The ${type} at its new path.`,
      request: { MoveFile: { path: moved.path } },
      answer: { [`${name}Moved`]: fileAnswer(type, moved) },
      refusals: ['file_not_found', 'directory_not_found', 'path_taken'],
    },
    delete: {
      summary: `Delete ${a}`,
      description: `Deletes ${a} with all of its versions. Its path is free at once.`,
      returns: 'Nothing: it is deleted.',
      refusals: ['file_not_found'],
    },
  };
}

function versionOperations(type: FileType): Operations {
  const [a, name, body] = [articled(type), kindName({ type }), fileAnswer(type)];
  return {
    list_versions: {
      summary: `List versions of ${a}`,
      description: `All versions of ${a}, the newest first.`,
      returns: 'The versions.',
      answer: { [`${name}Versions`]: { records: [body] } },
      refusals: ['file_not_found'],
    },
    update_version: {
      summary: `Name a version of ${a}`,
      description:
        'Sets the name and the description of a version. What defines a version never changes.',
      returns: 'The version.',
      request: {
        VersionUpdate: { name: named.versionName, description: named.versionDescription },
      },
      answer: { [`${name}VersionUpdated`]: fileAnswer(type, named) },
      refusals: ['version_not_found', 'version_name_taken'],
    },
    commit_version: {
      summary: `Commit a version of ${a}`,
      description:
        'For older clients: sets the description of a version. Every version is committed from the start; to set its name, too, update it.',
      returns: 'The version.',
      request: { VersionCommit: { commit_message: named.versionDescription } },
      answer: {
        [`${name}VersionCommitted`]: fileAnswer(type, {
          versionDescription: named.versionDescription,
        }),
      },
      refusals: ['version_not_found'],
    },
    delete_version: {
      summary: `Delete a version of ${a}`,
      description:
        'Deletes a version that is deployed nowhere and is not the only one. Its logs stay.',
      returns: 'Nothing: it is deleted.',
      refusals: ['version_not_found', 'version_deployed', 'last_version'],
    },
    list_environments: {
      summary: `List where ${a} is deployed`,
      description: `Every environment, each with the version of the ${type} that is deployed there.`,
      returns: 'The environments; `file` is missing where nothing is deployed.',
      answer: { [`${name}Environments`]: [{ ...production, file: body }] },
      refusals: ['file_not_found'],
    },
    deploy: {
      summary: `Deploy a version of ${a}`,
      description:
        'From now on the environment means this version. Whichever was deployed there before is not any more.',
      returns: 'The version.',
      answer: { [name]: body },
      refusals: ['file_not_found', 'version_not_found', 'environment_not_found'],
    },
    remove_deployment: {
      summary: `Take ${a} out of an environment`,
      description: `Nothing of the ${type} is deployed to the environment any more. The version stays.`,
      returns: 'Nothing: it is not deployed there.',
      refusals: ['file_not_found', 'environment_not_found', 'not_deployed'],
    },
  };
}

function textOperations(kind: FileKind): Operations {
  const type = kind.type;
  const [a, name] = [articled(type), kindName({ type })];
  const { spec } = versions[type];
  const text = printSpecText(kind, spec);
  return {
    serialize: {
      summary: `Write ${a} as a text`,
      description: `The text of a \`.${type}\` file with this version: front matter in YAML, then the template. Reading it gives the same version again.`,
      returns: 'The text of the file.',
      answer: { [`${name}Text`]: text },
      refusals: ['file_not_found', 'version_not_found', 'nothing_deployed'],
    },
    deserialize: {
      summary: `Read ${a} from a text`,
      description: `Reads the text of a \`.${type}\` file into the fields of a version. Nothing is stored.`,
      returns: 'The fields that define the version.',
      request: { [`${name}Deserialize`]: { [type]: text } },
      answer: { [`${name}Spec`]: specBody(kind, spec) },
    },
  };
}

function logOperations(type: LoggedType, form: LogForm): Operations {
  const [a, name] = [articled(type), kindName({ type })];
  const { id, file_id, version_id, parent_id, log_status } = records[type];
  const whose = form.isJudgment ? { parent_id } : { [`${type}_id`]: file_id };
  return {
    log: {
      summary: `Record a run of ${a}`,
      description: form.isJudgment
        ? 'Records what an evaluator says of a log, as a log of its own below it. Nothing is run.'
        : `Records a run that was made elsewhere. Nothing is run. The version is named as in a call, or described in place as \`${type}\`.`,
      returns: 'The ids of the log and of what made it.',
      request: { [`${name}Log`]: logRequests[type] },
      answer: {
        [`${name}LogCreated`]: { id, ...whose, version_id, ...createdStatus(form, log_status) },
      },
      refusals: ['file_not_found', 'log_not_found', 'log_id_taken', 'trace_complete'],
    },
    ...(form.update ? updateLog(type) : {}),
    update_monitoring: {
      summary: `Let evaluators watch ${a}`,
      description: `Which evaluators judge each new log of the ${type} from now on, and which do so no longer. A log has no target, so they must need none.`,
      returns: `The ${type}, with all evaluators that watch it or did.`,
      request: {
        Monitoring: { activate: [{ evaluator_version_id: politeness.versionId }] },
      },
      answer: { [`${name}Watched`]: watched(type) },
      refusals: ['file_not_found', 'version_not_found', 'environment_not_found'],
    },
  };
}

function updateLog(type: LoggedType): Operations {
  const [a, name] = [articled(type), kindName({ type })];
  return {
    update_log: {
      summary: `Change a log of ${a}`,
      description:
        'Sets what is given and leaves the rest. A log that is complete cannot be opened again.',
      returns: 'The log.',
      request: { [`${name}LogUpdate`]: logUpdates[type] },
      answer: { [`${name}LogUpdated`]: logAnswer(type, logUpdates[type]) },
      refusals: ['log_not_found', 'log_complete', 'run_under_way'],
    },
  };
}

function watched(type: FileType): Readonly<Record<string, unknown>> {
  const since = at('09:45:00');
  const monitor = {
    evaluator: politeness,
    isDeployed: true,
    environment: undefined,
    state: 'active',
    createdAt: since,
    updatedAt: since,
  } as const;
  const { id } = versions[type];
  return fileBody(versions[type], { monitoring: new Map([[id, [monitor]]]) });
}
