import { contentId } from '../../kernel/ids.ts';
import { directoryBody } from '../wire/directory.ts';
import { fileBody } from '../wire/file.ts';
import { providerKeyBody } from '../wire/provider-key.ts';
import { callStream, cancelledCall } from './examples/agent-run.ts';
import { ada, at, datapoints, versions } from './examples/files.ts';
import { logAnswer, records, traceAnswer } from './examples/logs.ts';
import { upserts } from './examples/upserts.ts';
import type { OperationText } from './operation-text.ts';

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
    description: 'The variables that the code of the tool finds, the same for all of its versions.',
    returns: 'The variables, with their values.',
    answer: { Variables: variables },
    refusals: ['file_not_found'],
  },
  tools_add_environment_variable: {
    summary: 'Set environment variables of a tool',
    description:
      'Sets the variables that are named; others stay. Values are stored encrypted and answered in clear.',
    returns: 'All variables that the tool has then.',
    request: { Variables: variables },
    answer: { Variables: variables },
    refusals: ['file_not_found'],
  },
  tools_delete_environment_variable: {
    summary: 'Delete an environment variable of a tool',
    description: 'Takes a variable from all versions of the tool.',
    returns: 'The variables that remain.',
    answer: { NoVariables: [] },
    refusals: ['file_not_found', 'variable_not_found'],
  },
};

const ofDatasets: Operations = {
  datasets_upsert: {
    summary: 'Store a version of a dataset',
    description:
      'Makes the dataset at `path` if there is none, and a version of it: the datapoints given (`set`), or those of another version and these (`add`), or without these (`remove`). Equal datapoints are the same version.',
    returns: 'The version with these datapoints.',
    request: { DatasetUpsert: upserts.dataset },
    answer: { Dataset: fileBody(versions.dataset) },
    refusals: ['file_not_found', 'path_taken', 'version_name_taken'],
  },
  datasets_list_datapoints: {
    summary: 'List datapoints of a dataset',
    description: 'One page of the datapoints of a version, in the order in which they were given.',
    returns: 'The datapoints of the page, and how many the version has.',
    answer: { Datapoints: { ...page, records: datapoints, size: 50, total: datapoints.length } },
    refusals: ['file_not_found', 'version_not_found', 'nothing_deployed'],
  },
  datasets_upload_csv: {
    summary: 'Add datapoints from a CSV file',
    description:
      'Makes a version that has the datapoints of another one, by default the one deployed to the default environment, and a datapoint for each row of the file.',
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
    summary: 'List files of all kinds',
    description:
      'One page of the files, each in the version deployed to the environment named, or else to the default one; in its newest if none is.',
    returns: 'The files of the page, told apart by `type`, and how many match.',
    answer: { FilePage: { records: [agent], ...page } },
    refusals: ['directory_not_found', 'environment_not_found'],
  },
  files_retrieve_by_path: {
    summary: 'Get a file by its path',
    description: 'One version of the file at a path, of whichever kind it is.',
    returns: 'The version; `type` tells which kind it is.',
    request: { FilePath: { path: upserts.agent.path } },
    answer: { Agent: agent },
    refusals: ['file_not_found', 'environment_not_found', 'nothing_deployed'],
  },
};

const ofDirectories: Operations = {
  directories_list: {
    summary: 'List directories',
    description: 'All directories, the root among them.',
    returns: 'The directories.',
    answer: { Directories: [root, banking] },
  },
  directories_create: {
    summary: 'Make a directory',
    description:
      'Makes a directory at a whole path, or by its name in another; directories in between are made as far as they are missing.',
    returns: 'The directory.',
    request: { DirectoryPath: { path: 'Banking' } },
    answer: { Directory: banking },
    refusals: ['directory_exists', 'directory_not_found'],
  },
  directories_get: {
    summary: 'Get a directory',
    description: 'A directory with what is directly in it, and the directories that it is in.',
    returns: 'The directory, and what is around it.',
    answer: {
      DirectoryContent: { ...banking, subdirectories: [], files: [agent], parents: [root] },
    },
    refusals: ['directory_not_found'],
  },
  directories_update: {
    summary: 'Move or rename a directory',
    description: 'Gives a directory another place; the paths of everything in it change with it.',
    returns: 'The directory at its new place.',
    request: { DirectoryPath: { path: 'Banking' } },
    answer: { Directory: banking },
    refusals: ['directory_not_found', 'directory_exists', 'directory_cycle', 'root_directory'],
  },
  directories_delete: {
    summary: 'Delete a directory',
    description: 'Deletes a directory that is empty.',
    returns: 'Nothing: it is deleted.',
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

const ofProviderKeys: Operations = {
  provider_keys_list: {
    summary: 'List provider keys',
    description:
      'The keys that the organization has for model vendors: whose they are, but never the keys.',
    returns: 'What there is to tell of each key, by the names of the vendors.',
    answer: { ProviderKeys: [azureKey] },
  },
  provider_keys_set: {
    summary: 'Set a provider key',
    description:
      'Stores a key for a vendor, encrypted, in place of the one that there was. Model calls use it where a request brings no key of its own; the key of the server comes after it. It counts from the next model call on; on other servers of the same database, a second later at most.',
    returns: 'What there is to tell of the key.',
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
      'Deletes the key for a vendor. Runs under way do not use it in further model calls; on other servers of the same database, after a second at most.',
    returns: 'Nothing: it is deleted.',
    refusals: ['provider_key_not_found'],
  },
};

const ofLogs: Operations = {
  logs_list: {
    summary: 'List logs of a file',
    description: 'One page of the logs of a file, the newest first, narrowed by what is asked for.',
    returns: 'The logs of the page, and how many match.',
    answer: {
      LogPage: {
        ...page,
        records: [logAnswer('prompt')],
        total_is_exact: true,
        next_cursor: null,
      },
    },
    refusals: ['file_not_found'],
  },
  logs_get: {
    summary: 'Get a log',
    description: 'A log with everything below it: its trace.',
    returns: 'The log, with the logs below it in `trace_children`.',
    answer: { Trace: traceAnswer() },
    refusals: ['log_not_found'],
  },
  logs_events: {
    summary: 'Follow the events of a run',
    description:
      'Tells the events of a run from any of them on, and follows it until it rests: complete, or waiting for its client. It does not matter which server drives the run, or whether that one died since. Events are kept until an hour after the run has ended, those of calls with `save: false` not at all. Numbers rise; they leap where a run was taken over from a server that died, and a model call that is then made again begins with another `agent_start`: what came of it before is void.',
    returns:
      'Server-sent events: each has a number as its `id` and JSON as its `data`, as in the stream of the call; `data: [DONE]` ends the stream. One that ends without it goes on elsewhere: come back with the number of the last event.',
    stream: {
      events: 'An event is what it is in the stream of the call.',
      examples: { RunEvents: callStream },
    },
    refusals: ['log_not_found', 'events_gone'],
  },
  logs_cancel: {
    summary: 'Cancel a run',
    description:
      'Ends a run for good, whether it runs or waits, and the runs below it. What was under way is broken off: model calls, tools, sandboxes. Whoever waits for the run is answered with its log.',
    returns: 'The log: complete, with `error` `cancelled`.',
    answer: { CancelledCall: cancelledCall },
    refusals: ['log_not_found', 'run_ended'],
  },
  logs_delete: {
    summary: 'Delete logs',
    description: 'Deletes logs with everything below them. A run of theirs ends.',
    returns: 'Nothing: they are deleted.',
  },
  import_otel_traces: {
    summary: 'Import traces of the v5 clients',
    description:
      'Takes what the decorators of v5 clients send, as OpenTelemetry writes it in JSON: each call of a tool or of a model becomes a log, and the end of a flow closes its log. Other spans are passed over. What is sent twice is kept once. A span that cannot be kept is rejected, and the others are kept: these clients stop sending at any answer but 200.',
    returns: 'The ids of the logs, in the order of the spans, and why others were rejected.',
    request: {
      OtelTraces: {
        resourceSpans: [
          {
            scopeSpans: [
              {
                scope: { name: 'humanloop.sdk.decorator' },
                spans: [
                  {
                    traceId: '5b8efff798038103d269b633813fc60c',
                    spanId: 'eee19b7ec3c1b174',
                    name: 'multiply',
                    startTimeUnixNano: '1777888800000000000',
                    endTimeUnixNano: '1777888800100000000',
                    attributes: [
                      { key: 'humanloop.file.type', value: { stringValue: 'tool' } },
                      { key: 'humanloop.file.path', value: { stringValue: upserts.tool.path } },
                      { key: 'humanloop.log.inputs.a', value: { stringValue: '6' } },
                      { key: 'humanloop.log.inputs.b', value: { stringValue: '7' } },
                      { key: 'humanloop.log.output', value: { stringValue: '42' } },
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
    },
    answer: { ImportedTraces: { records: [records.tool.id] } },
  },
};

/** The texts of operations that no two kinds share. */
export const ownOperations: Operations = {
  ...ofTools,
  ...ofDatasets,
  ...ofFiles,
  ...ofDirectories,
  ...ofProviderKeys,
  ...ofLogs,
};
