import { contentId } from '../../kernel/ids.ts';
import { fileBody } from '../../wire/file.ts';
import { directoryBody } from '../wire/directory.ts';
import { providerKeyBody } from '../wire/provider-key.ts';
import { accountOperations } from './account-operations.ts';
import { customEndpointOperations } from './custom-endpoint-operations.ts';
import { evaluationOperations } from './evaluation-operations.ts';
import { ada, at, datapoints, versions } from './examples/files.ts';
import { upserts } from './examples/upserts.ts';
import { logOperations } from './log-operations.ts';
import type { OperationText } from './operation-text.ts';
import { reviewOperations } from './review-operations.ts';

type Operations = Readonly<Record<string, OperationText>>;

const page = { page: 1, size: 10, total: 1 };
const agent = fileBody(versions.agent);
const variables = [{ name: 'ROUNDING', value: 'half-up' }];

const rootId = contentId('dir', '');
const root = directory('', null);
const banking = directory('Banking', rootId);

function directory(path: string, parentId: string | null) {
  const time = at('08:00:00');
  const id = contentId('dir', path);
  return directoryBody({ id, parentId, name: path, path, createdAt: time, updatedAt: time });
}

/** The dataset with one more datapoint, in a version that is not deployed. */
function extendedDataset() {
  return fileBody({
    ...versions.dataset,
    versionId: contentId('dsv', 'v2'),
    versionName: 'v2',
    spec: { datapoints_count: datapoints.length + 1 },
    environments: [],
  });
}

const ofTools: Operations = {
  tools_get_environment_variables: {
    summary: 'List environment variables of a tool',
    description:
      'The environment variables that the code of the tool can read. All versions of the tool share them.',
    returns: 'The variables, with their values.',
    answer: { Variables: variables },
    refusals: ['file_not_found'],
  },
  tools_add_environment_variable: {
    summary: 'Set environment variables of a tool',
    description:
      'Sets the given variables and leaves the others. Values are stored encrypted and returned in plain text.',
    returns: 'All variables of the tool.',
    request: { Variables: variables },
    answer: { Variables: variables },
    refusals: ['file_not_found'],
  },
  tools_delete_environment_variable: {
    summary: 'Delete an environment variable of a tool',
    description: 'Deletes a variable for all versions of the tool.',
    returns: 'The remaining variables.',
    answer: { NoVariables: [] },
    refusals: ['file_not_found', 'variable_not_found'],
  },
};

const ofDatasets: Operations = {
  datasets_upsert: {
    summary: 'Store a version of a dataset',
    description:
      'Creates the dataset at `path` if it does not exist, and a version of it. With `set`, the version has exactly the given datapoints. With `add` or `remove`, it has the datapoints of another version, with or without the given ones. The same datapoints always give the same version.',
    returns: 'The version with these datapoints.',
    request: { DatasetUpsert: upserts.dataset },
    answer: { Dataset: fileBody(versions.dataset) },
    refusals: ['file_not_found', 'path_taken', 'version_name_taken'],
  },
  datasets_list_datapoints: {
    summary: 'List datapoints of a dataset',
    description: 'One page of the datapoints of a version, in their original order.',
    returns: 'The datapoints of the page, and the number of datapoints in the version.',
    answer: { Datapoints: { ...page, records: datapoints, size: 50, total: datapoints.length } },
    refusals: ['file_not_found', 'version_not_found', 'nothing_deployed'],
  },
  datasets_upload_csv: {
    summary: 'Add datapoints from a CSV file',
    description:
      'Creates a version with the datapoints of another version, by default the one deployed to the default environment, and one more datapoint for each row of the file.',
    returns: 'The new version.',
    request: {
      DatasetCsv: {
        file: 'request,target.output\nWhere is my parcel?,other\n',
        version_name: 'v2',
      },
    },
    encoding: { file: { contentType: 'text/csv' } },
    answer: { DatasetExtended: extendedDataset() },
    refusals: ['file_not_found', 'version_not_found', 'version_name_taken'],
  },
};

const ofFiles: Operations = {
  files_list: {
    summary: 'List files of all types',
    description:
      'One page of files. Each file is shown in the version deployed to `environment` or, without it, to the default environment. If none is deployed there, the newest version is shown.',
    returns: 'The files of the page, each with its `type`, and the number of matching files.',
    answer: { FilePage: { records: [agent], ...page } },
    refusals: ['directory_not_found', 'environment_not_found'],
  },
  files_retrieve_by_path: {
    summary: 'Get a file by its path',
    description: 'One version of the file at a path, of any type.',
    returns: 'The version, with the `type` of the file.',
    request: { FilePath: { path: upserts.agent.path } },
    answer: { Agent: agent },
    refusals: ['file_not_found', 'environment_not_found', 'nothing_deployed'],
  },
};

const ofDirectories: Operations = {
  directories_list: {
    summary: 'List directories',
    description: 'All directories, including the root.',
    returns: 'The directories.',
    answer: { Directories: [root, banking] },
  },
  directories_create: {
    summary: 'Create a directory',
    description:
      'Creates a directory at a path, or by its name in another directory. Missing directories above it are created too.',
    returns: 'The directory.',
    request: { DirectoryPath: { path: 'Banking' } },
    answer: { Directory: banking },
    refusals: ['directory_exists', 'directory_not_found'],
  },
  directories_get: {
    summary: 'Get a directory',
    description: 'A directory, what is directly in it, and the directories above it.',
    returns:
      'The directory, with its subdirectories, files and parents, and where the files are deployed.',
    answer: {
      DirectoryContent: {
        ...banking,
        subdirectories: [],
        files: [agent],
        deployments: versions.agent.environments.map((environment) => ({
          file_id: versions.agent.id,
          environment,
          version_id: versions.agent.versionId,
          version_name: versions.agent.versionName,
        })),
        parents: [root],
      },
    },
    refusals: ['directory_not_found'],
  },
  directories_log_stats: {
    summary: 'Count the logs of the files in a directory',
    description:
      'How many logs the files directly in a directory had in the last seven days, how many of them failed, and the same in quarters of a day.',
    returns: 'The files that had logs, each with its figures.',
    answer: {
      DirectoryStats: {
        from: '2026-05-01T12:00:00.000000Z',
        until: '2026-05-08T12:00:00.000000Z',
        bucket_seconds: 21_600,
        files: [
          {
            file_id: versions.agent.id,
            count: 128,
            errors: 3,
            buckets: [{ from: '2026-05-04T06:00:00.000000Z', count: 128, errors: 3 }],
          },
        ],
      },
    },
    refusals: ['directory_not_found'],
  },
  directories_update: {
    summary: 'Move or rename a directory',
    description:
      'Moves a directory, or gives it another name. The paths of everything in it change too.',
    returns: 'The directory at its new path.',
    request: { DirectoryPath: { path: 'Banking' } },
    answer: { Directory: banking },
    refusals: ['directory_not_found', 'directory_exists', 'directory_cycle', 'root_directory'],
  },
  directories_delete: {
    summary: 'Delete a directory',
    description: 'Deletes an empty directory.',
    returns: 'No content.',
    refusals: ['directory_not_found', 'directory_not_empty', 'root_directory'],
  },
};

const azureKey = providerKeyBody({
  provider: 'openai_azure',
  hint: '…3f9a',
  endpoint: 'https://example.openai.azure.com',
  usable: true,
  setAt: at('08:15:00'),
  setBy: ada,
});

const ofModels: Operations = {
  models_list: {
    summary: 'List models',
    description:
      'The models whose prices this server knows, by vendor, without those that the vendor gives up. A version may name any other.',
    returns: 'The models of each vendor.',
    answer: { Models: [{ provider: 'openai', models: ['gpt-4o', 'gpt-4o-mini'] }] },
  },
};

const ofProviderKeys: Operations = {
  provider_keys_list: {
    summary: 'List provider keys',
    description:
      'The keys of your organization for model vendors. The keys themselves are never shown.',
    returns: 'A description of each key, sorted by vendor.',
    answer: { ProviderKeys: [azureKey] },
  },
  provider_keys_set: {
    summary: 'Set a provider key',
    description:
      'Stores a key for a vendor, encrypted. It replaces the previous key. Model calls use it if the request has no key of its own; they use the key of the server only if there is neither. The key applies from the next model call on, and at most a second later on other servers of the same database.',
    returns: 'A description of the key.',
    request: {
      ProviderKey: {
        provider: 'openai_azure',
        api_key: 'a-key-of-your-azure-resource-3f9a',
        endpoint: azureKey.endpoint,
      },
    },
    answer: { ProviderKeySet: azureKey },
  },
  provider_keys_delete: {
    summary: 'Delete a provider key',
    description:
      'Deletes the key for a vendor. Runs in progress do not use it in further model calls. On other servers of the same database, this takes effect within a second.',
    returns: 'No content.',
    refusals: ['provider_key_not_found'],
  },
  provider_keys_test: {
    summary: 'Test a provider key',
    description:
      'Makes one cheap call with the key that the next call of your organization would use. It writes no log. What the vendor refuses is no error here: `ok` is false, and `error` has its words.',
    returns: 'How the call went.',
    request: { ProviderTrial: { model: 'gpt-4.1-nano' } },
    answer: {
      ProviderTried: { ok: true, model: 'gpt-4.1-nano', latency_ms: 412, error: null },
    },
    refusals: ['provider_key_not_found'],
  },
};

/** The texts of operations that no two kinds share. */
export const ownOperations: Operations = {
  ...ofTools,
  ...ofDatasets,
  ...ofFiles,
  ...ofDirectories,
  ...ofModels,
  ...ofProviderKeys,
  ...accountOperations,
  ...customEndpointOperations,
  ...evaluationOperations,
  ...logOperations,
  ...reviewOperations,
};
