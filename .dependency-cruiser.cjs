/** The architecture as a table: each folder of src/ and what it may import. */
const mayImport = {
  kernel: [],
  contract: ['kernel'],
  database: ['kernel'],
  accounts: ['kernel', 'contract', 'database'],
  idempotency: ['kernel', 'database'],
  secrets: ['kernel', 'database'],
  files: ['kernel', 'contract', 'database'],
  logs: ['kernel', 'contract', 'database', 'files', 'pricing'],
  wire: ['kernel', 'contract', 'database', 'files', 'logs'],
  providers: ['kernel', 'contract', 'outgoing'],
  'provider-keys': ['kernel', 'contract', 'database', 'providers'],
  'custom-endpoints': ['kernel', 'contract', 'database', 'outgoing', 'providers'],
  outgoing: ['kernel'],
  tools: ['kernel', 'contract', 'outgoing'],
  pricing: ['kernel', 'contract'],
  statistics: ['kernel'],
  runtime: [
    'kernel',
    'contract',
    'database',
    'files',
    'logs',
    'wire',
    'providers',
    'provider-keys',
    'custom-endpoints',
    'pricing',
    'tools',
  ],
  evaluation: [
    'kernel',
    'contract',
    'database',
    'files',
    'logs',
    'wire',
    'statistics',
    'providers',
    'provider-keys',
    'tools',
    'runtime',
  ],
  'ready-made': ['kernel', 'contract', 'database', 'files'],
  otel: ['kernel', 'contract', 'database', 'files', 'logs'],
  'first-run': [],
  http: [
    'kernel',
    'contract',
    'first-run',
    'accounts',
    'idempotency',
    'files',
    'logs',
    'wire',
    'provider-keys',
    'custom-endpoints',
    'runtime',
    'evaluation',
    'otel',
  ],
  cli: ['kernel', 'contract', 'first-run'],
};

/** The rooms of src/runtime, each of which may import those before it. The first three are the engine. */
const runtimeRooms = ['leases', 'events', 'runs', 'models', 'kinds'];
const engine = '^src/runtime/(leases|events|runs)/';

/** The web UI as a table: each folder of web/src and what it may import. */
const webMayImport = {
  format: [],
  json: [],
  ui: [],
  api: ['json'],
  'copy-as': ['json', 'ui'],
  code: ['ui'],
  diff: [],
  query: ['api', 'ui'],
  keyboard: ['ui'],
  theme: ['ui'],
  loading: ['api', 'ui'],
  forms: ['loading', 'ui'],
  session: ['api', 'forms', 'loading', 'query', 'theme', 'ui'],
  files: ['api', 'format', 'loading', 'ui'],
  shell: [...['api', 'directories', 'files', 'keyboard', 'loading', 'session', 'theme', 'ui']],
  logs: [
    ...['api', 'copy-as', 'diff', 'files', 'format', 'forms', 'json', 'keyboard', 'loading'],
    ...['query', 'schema-form', 'session', 'shell', 'ui'],
  ],
  settings: [
    ...['api', 'deploy', 'files', 'format', 'forms', 'loading', 'query', 'session', 'shell', 'ui'],
  ],
  'version-diff': ['api', 'diff', 'ui'],
  'schema-form': ['json', 'ui'],
  deploy: ['api', 'files', 'forms', 'loading', 'query', 'session', 'ui', 'version-diff'],
  directories: [
    ...['api', 'deploy', 'editor', 'files', 'format', 'forms', 'loading', 'query', 'session'],
    'ui',
  ],
  about: [
    ...['api', 'copy-as', 'deploy', 'directories', 'files', 'format', 'forms', 'loading', 'logs'],
    ...['query', 'session', 'ui'],
  ],
  versions: [
    ...['api', 'deploy', 'diff', 'files', 'format', 'forms', 'kinds', 'loading', 'session'],
    ...['ui', 'version-diff'],
  ],
  kinds: [
    ...['api', 'code', 'copy-as', 'deploy', 'editor', 'files', 'format', 'forms', 'json'],
    ...[
      'keyboard',
      'loading',
      'logs',
      'query',
      'schema-form',
      'session',
      'shell',
      'ui',
      'version-diff',
    ],
  ],
  editor: [
    ...['api', 'code', 'copy-as', 'deploy', 'diff', 'files', 'format', 'forms', 'json'],
    ...[
      'keyboard',
      'loading',
      'logs',
      'query',
      'schema-form',
      'session',
      'shell',
      'ui',
      'version-diff',
    ],
  ],
  routes: [
    ...['about', 'api', 'copy-as', 'deploy', 'directories', 'editor', 'files', 'format', 'forms'],
    ...['keyboard', 'kinds', 'loading', 'logs', 'query', 'session', 'settings', 'shell'],
    ...['theme', 'ui', 'versions'],
  ],
  app: [
    ...['api', 'editor', 'files', 'kinds', 'loading', 'logs', 'query', 'routes', 'session'],
    ...['shell', 'ui', 'versions'],
  ],
};

/** Packages that only one place may know. */
const onlyIn = {
  'fastify|@fastify/[^/]+': '^src/http/',
  '@fastify/multipart': '^src/http/server/form\\.ts$',
  'csv-parse': '^src/files/datasets/',
  pg: '^src/database/',
  kysely: '^src/(database/|.+-queries\\.ts$)',
  '@ai-sdk/[^/]+|aws4fetch': '^src/providers/',
  undici: '^src/(providers|outgoing|tools)/',
  '@modelcontextprotocol/[^/]+': '^src/tools/mcp/',
  'pyodide|deno': '^src/tools/',
  '@pydantic/genai-prices': '^src/pricing/',
  'simple-statistics': '^src/statistics/',
  yaml: '^src/files/text-format/',
  'swagger-ui-dist': '^src/http/pages/',
};

const production = { pathNot: '\\.test\\.ts$' };
const compositionToo = '|^src/(administration|config|own-postgres|platform)\\.ts$';

module.exports = {
  forbidden: [
    ...Object.entries(mayImport).map(([folder, allowed]) => ({
      name: `${folder}-imports-only-below`,
      severity: 'error',
      from: { ...production, path: `^src/${folder}/` },
      to: {
        path: '^src/',
        pathNot: `^src/(${[folder, ...allowed].join('|')})/${folder === 'cli' ? compositionToo : ''}`,
      },
    })),
    ...Object.entries(onlyIn).map(([packages, home]) => ({
      name: `${packages.replace(/[|/].*/, '')}-only-in-${home.split(/[/(]+/)[1]}`,
      severity: 'error',
      from: { path: '^src/', pathNot: `${home}|\\.test\\.ts$` },
      to: { path: `node_modules/(@types/)?(${packages})/` },
    })),
    ...runtimeRooms.map((room, place) => ({
      name: `runtime-${room}-imports-only-before`,
      severity: 'error',
      from: { ...production, path: `^src/runtime/${room}/` },
      to: {
        path: '^src/runtime/',
        pathNot: `^src/runtime/(${runtimeRooms.slice(0, place + 1).join('|')})/`,
      },
    })),
    {
      name: 'runtime-has-only-rooms',
      severity: 'error',
      from: { path: '^src/runtime/', pathNot: `^src/runtime/(${runtimeRooms.join('|')})/` },
      to: {},
    },
    {
      // It knows no kind, no model vendor, no tool and no bodies of answers.
      name: 'engine-knows-what-runs-share',
      severity: 'error',
      from: { ...production, path: engine },
      to: { path: '^src/(providers|provider-keys|pricing|tools|outgoing|wire|files/kinds)/' },
    },
    {
      // Routes ask the modules beside the statements: what is checked first is written there, once.
      name: 'http-has-no-statements',
      severity: 'error',
      from: { ...production, path: '^src/http/' },
      to: { path: '-queries\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    ...Object.entries(webMayImport).map(([folder, allowed]) => ({
      name: `in-web-${folder}-only-what-is-below`,
      severity: 'error',
      from: { path: `^web/src/${folder}/` },
      to: { path: '^web/src/', pathNot: `^web/src/(${[folder, ...allowed].join('|')})/` },
    })),
    {
      name: 'web-folder-without-a-row',
      severity: 'error',
      from: {
        path: '^web/src/([^/]+)/',
        pathNot: `^web/src/(styles|${Object.keys(webMayImport).join('|')})/`,
      },
      to: {},
    },
    {
      // It has the API, as other clients have it.
      name: 'web-speaks-the-api-alone',
      severity: 'error',
      from: { path: '^web/src/' },
      to: { path: '^(src|test|bench|examples|scripts)/' },
    },
    {
      // The server sends its files, and must not load what builds them.
      name: 'server-does-not-load-the-web',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^web/' },
    },
    {
      name: 'folder-without-a-row',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: `^src/(${Object.keys(mayImport).join('|')})/` },
      to: {},
    },
    {
      // They are read, and copied, by people who have the API and nothing else.
      name: 'examples-have-the-api-alone',
      severity: 'error',
      from: { path: '^examples/' },
      to: { pathNot: '^examples/', dependencyTypesNot: ['core'] },
    },
    {
      // But by their own test, which needs the stand-ins.
      name: 'examples-are-not-imported',
      severity: 'error',
      from: { pathNot: '^(examples/|test/examples\\.test\\.ts$)' },
      to: { path: '^examples/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^bench/peers/\\.installed/' },
    tsPreCompilationDeps: true, // type-only imports count too
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
