import type { FileType } from '../../contract/kinds/index.ts';
import type { FileVersion } from '../../files/file-version.ts';
import type { FileKind, LogForm } from '../../files/kind.ts';
import { printSpecText } from '../../files/text-format/print-spec-text.ts';
import { contentId } from '../../kernel/ids.ts';
import { fileBody, specBody } from '../../wire/file.ts';
import { createdStatus } from '../../wire/log.ts';
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
      description: `One page of ${type}s. Each ${type} is shown in the version deployed to the default environment, or in its newest version if none is deployed there.`,
      returns: `The ${type}s of the page, and the number of matching ${type}s.`,
      answer: { [`${name}Page`]: { records: [body], page: 1, size: 10, total: 1 } },
    },
    upsert: {
      summary: `Store a version of ${a}`,
      description: `Creates the ${type} at \`path\` if it does not exist, and a version if no version has this content. Storing the same content again changes nothing. The first version is deployed to the default environment.`,
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
      description: `One version of ${a}: the one given by \`version_id\`, or the one deployed to \`environment\`. Without either, it is the version deployed to the default environment, or the newest version if none is deployed there.`,
      returns: 'The version.',
      answer,
      refusals: ['file_not_found', 'version_not_found', 'nothing_deployed'],
    },
    move: {
      summary: `Move, rename or describe ${a}`,
      description: `Gives ${a} another path, or another name, directory, or both; and another \`description\`, \`tags\` or \`readme\`, which need no new version. Its id, versions and logs stay the same.`,
      returns: `The ${type} as it is now.`,
      request: { MoveFile: { path: moved.path } },
      answer: { [`${name}Moved`]: fileAnswer(type, moved) },
      refusals: ['file_not_found', 'directory_not_found', 'path_taken'],
    },
    delete: {
      summary: `Delete ${a}`,
      description: `Deletes ${a} with all its versions. Its path can be used again at once.`,
      returns: 'No content.',
      refusals: ['file_not_found'],
    },
  };
}

function versionOperations(type: FileType): Operations {
  const [a, name, body] = [articled(type), kindName({ type }), fileAnswer(type)];
  return {
    list_versions: {
      summary: `List versions of ${a}`,
      description: `All versions of ${a}, newest first.`,
      returns: 'The versions.',
      answer: { [`${name}Versions`]: { records: [body] } },
      refusals: ['file_not_found'],
    },
    update_version: {
      summary: `Name a version of ${a}`,
      description:
        'Sets the name and the description of a version. The content of a version never changes.',
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
        'For older clients: sets the description of a version. Every version is committed from the start. To set its name too, update the version.',
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
        'Deletes a version. It must not be deployed or be the only version. Its logs stay.',
      returns: 'No content.',
      refusals: ['version_not_found', 'version_deployed', 'last_version'],
    },
    list_environments: {
      summary: `List where ${a} is deployed`,
      description: `Every environment, each with the version of the ${type} that is deployed to it.`,
      returns: 'The environments. `file` is missing if nothing is deployed to the environment.',
      answer: {
        [`${name}Environments`]: [{ ...production, file: body, deployed_at: at('09:45:00') }],
      },
      refusals: ['file_not_found'],
    },
    deploy: {
      summary: `Deploy a version of ${a}`,
      description:
        'Deploys a version to an environment. It replaces the version that was deployed there. With `expected_version_id` it does so only if that is the one that you know of: of two who deploy at once, one is refused.',
      returns: 'The version.',
      answer: { [name]: body },
      refusals: [
        'file_not_found',
        'version_not_found',
        'environment_not_found',
        'deployment_changed',
      ],
    },
    remove_deployment: {
      summary: `Remove ${a} from an environment`,
      description: `Removes the deployed version of the ${type} from the environment. The version itself stays.`,
      returns: 'No content.',
      refusals: ['file_not_found', 'environment_not_found', 'not_deployed', 'deployment_changed'],
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
      summary: `Write ${a} as text`,
      description: `Writes a version as the text of a \`.${type}\` file: front matter in YAML, then the template. Reading the text gives the same version again.`,
      returns: 'The text of the file.',
      answer: { [`${name}Text`]: text },
      refusals: ['file_not_found', 'version_not_found', 'nothing_deployed'],
    },
    serialize_fields: {
      summary: `Write the fields of ${a} as text`,
      description: `Writes fields that need not be those of a version as the text of a \`.${type}\` file. Nothing is stored.`,
      returns: 'The text of the file.',
      request: { [`${name}Serialize`]: { [type]: specBody(kind, spec) } },
      answer: { [`${name}Text`]: text },
      unkeyed: true,
    },
    deserialize: {
      summary: `Read ${a} from text`,
      description: `Converts the text of a \`.${type}\` file into the fields of a version. Nothing is stored.`,
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
        ? 'Records the judgment of an evaluator on a log, as another log below it. Nothing is run.'
        : `Records a run that happened elsewhere. Nothing is run. Give the version as in a call, or define it in \`${type}\`.`,
      returns: 'The ids of the log, and of the file and version that it belongs to.',
      request: { [`${name}Log`]: logRequests[type] },
      answer: {
        [`${name}LogCreated`]: { id, ...whose, version_id, ...createdStatus(form, log_status) },
      },
      refusals: ['file_not_found', 'log_not_found', 'log_id_taken', 'trace_complete'],
    },
    ...(form.update ? updateLog(type) : {}),
    update_monitoring: {
      summary: `Set the evaluators that monitor ${a}`,
      description: `Sets which evaluators judge each new log of the ${type} from now on, and which no longer do. These evaluators must not need a target, because logs do not have one.`,
      returns: `The ${type}, with all evaluators that monitor it or did so before.`,
      request: {
        Monitoring: { activate: [{ evaluator_version_id: politeness.versionId }] },
      },
      answer: { [`${name}Watched`]: watched(type) },
      refusals: ['file_not_found', 'version_not_found', 'environment_not_found'],
    },
    get_evaluator_stats: {
      summary: `Get the judgments on ${a} over time`,
      description: `Adds up what evaluators say of the logs of the ${type}, for each hour, day or week in which the logs were made. Logs of Evaluation Runs are left out.`,
      returns: 'One series for each version of an evaluator. At most 10,000 points.',
      answer: { JudgmentSeries: judgmentSeries },
      refusals: ['file_not_found', 'version_not_found'],
    },
  };
}

const judgmentSeries = {
  series: [
    {
      evaluator_id: politeness.id,
      evaluator_version_id: politeness.versionId,
      version_id: null,
      points: [{ at: at('00:00:00'), total: 12, judged: 10, nulls: 1, errors: 1, share: 0.8 }],
    },
  ],
};

function updateLog(type: LoggedType): Operations {
  const [a, name] = [articled(type), kindName({ type })];
  return {
    update_log: {
      summary: `Update a log of ${a}`,
      description:
        'Sets the given fields and leaves the others. A complete log cannot be opened again.',
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
    sampleRate: 1,
    createdAt: since,
    updatedAt: since,
  } as const;
  const { id } = versions[type];
  return fileBody(versions[type], { monitoring: new Map([[id, [monitor]]]) });
}
