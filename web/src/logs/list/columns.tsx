import type { ReactNode } from 'react';
import { KindIcon } from '../../files/kind-icon.tsx';
import { kinds } from '../../files/kinds.ts';
import { count, dollars, duration } from '../../format/format.ts';
import { moment, wholeTime } from '../../format/time.ts';
import { Chip } from '../../ui/chip.tsx';
import { cx } from '../../ui/cx.ts';
import { StatusPill } from '../status-pill.tsx';
import { statusWords } from '../trace/span-words.ts';
import {
  atLeast,
  type CellValue,
  kindValue,
  plainValue,
  statusValue,
  versionValue,
} from './cell-values.ts';
import type { LogRow, LogStats } from './list-queries.ts';
import type { ListSearch } from './list-search.ts';
import { Measured } from './measured.tsx';

/** A column of the table of logs. */
export interface Column {
  /** As the address has it. */
  readonly id: string;
  readonly name: string;
  /** As CSS has the width of a column of a grid. */
  readonly width: string;
  readonly sort?: NonNullable<ListSearch['sort_by']>;
  readonly isNumber?: boolean;
  readonly cell: (row: LogRow, stats: LogStats | undefined) => ReactNode;
  /** What of the cell can be copied, and by which the list can be filtered. */
  readonly values: (row: LogRow) => readonly CellValue[];
}

const time: Column = {
  id: 'time',
  name: 'Time',
  width: '7.25rem',
  sort: 'created_at',
  cell: ({ created_at: at }) => (
    <time dateTime={at} title={wholeTime(at)} className="num block truncate text-xs text-fg-3">
      {moment(at)}
    </time>
  ),
  values: ({ created_at: at }) => [
    {
      name: 'Time',
      text: at,
      shown: moment(at),
      include: { start_date: at, last: undefined },
      includeAs: 'From here on',
    },
    {
      name: 'Time until',
      text: at,
      shown: moment(at),
      include: { end_date: at, last: undefined },
      includeAs: 'Up to here',
    },
  ],
};

const file: Column = {
  id: 'file',
  name: 'File',
  width: 'minmax(0, 12rem)',
  cell: (row) => (
    <span className="flex min-w-0 items-center gap-1.5">
      <KindIcon kind={row.type} />
      <span className="truncate" title={row.path}>
        {row.name}
      </span>
      {row.version_name && <Chip className="max-xl:hidden">{row.version_name}</Chip>}
    </span>
  ),
  values: (row) => [kindValue(row), plainValue('Path', row.path), versionValue(row)],
};

const version: Column = {
  id: 'version',
  name: 'Version',
  width: '6rem',
  cell: (row) => (
    <Chip isMono={!row.version_name} title={row.version_id}>
      <span className="truncate">{row.version_name ?? `…${row.version_id.slice(-6)}`}</span>
    </Chip>
  ),
  values: (row) => [versionValue(row)],
};

const kind: Column = {
  id: 'kind',
  name: 'Kind',
  width: '6.5rem',
  cell: ({ type }) => (
    <span className="flex min-w-0 items-center gap-1.5 text-fg-2">
      <KindIcon kind={type} />
      <span className="truncate">{kinds[type].label}</span>
    </span>
  ),
  values: (row) => [kindValue(row)],
};

const status: Column = {
  id: 'status',
  name: 'Status',
  width: '8rem',
  cell: ({ status: one }) =>
    one === 'complete' ? (
      <span className="text-fg-2">{statusWords[one]}</span>
    ) : (
      <StatusPill status={one} />
    ),
  values: (row) => [statusValue(row)],
};

const input: Column = {
  id: 'input',
  name: 'Input',
  width: 'minmax(0, 1fr)',
  cell: ({ input: text }) => (
    <span dir="auto" className="block truncate">
      {text}
    </span>
  ),
  values: ({ input: text }) => (text ? [plainValue('Input', text)] : []),
};

const output: Column = {
  id: 'output',
  name: 'Output',
  width: 'minmax(0, 1.15fr)',
  cell: ({ status: one, output: text, error }) => (
    <span className="flex min-w-0 items-center gap-2">
      {one !== 'complete' && (
        <StatusPill status={one} {...(one === 'suspended' && { word: 'Waiting' })} />
      )}
      <span dir="auto" className={cx('min-w-0 flex-1 truncate', error ? 'text-err' : 'text-fg-2')}>
        {error ?? text}
      </span>
    </span>
  ),
  values: (row) => [
    statusValue(row),
    ...(row.error ? [plainValue('Error', row.error)] : []),
    ...(row.output ? [plainValue('Output', row.output)] : []),
  ],
};

const environment: Column = {
  id: 'environment',
  name: 'Environment',
  width: '7rem',
  cell: ({ environment: name }) => <span className="block truncate text-fg-2">{name}</span>,
  values: ({ environment: name }) =>
    name ? [{ ...plainValue('Environment', name), include: { environment: [name] } }] : [],
};

const user: Column = {
  id: 'user',
  name: 'User',
  width: '7rem',
  cell: ({ user: name }) => <span className="block truncate text-fg-2">{name}</span>,
  values: ({ user: name }) =>
    name ? [{ ...plainValue('User', name), include: { user: name } }] : [],
};

const source: Column = {
  id: 'source',
  name: 'Source',
  width: '7rem',
  cell: ({ source: name }) => <span className="block truncate text-fg-2">{name}</span>,
  values: ({ source: name }) =>
    name ? [{ ...plainValue('Source', name), include: { source: name } }] : [],
};

const latency: Column = {
  id: 'latency',
  name: 'Latency',
  width: '4.75rem',
  sort: 'latency',
  isNumber: true,
  cell: ({ latency: seconds }, stats) =>
    seconds !== null && (
      <Measured value={seconds} p95={stats?.latency.p95} p99={stats?.latency.p99} what="latency">
        {duration(seconds * 1_000)}
      </Measured>
    ),
  values: ({ latency: seconds }) =>
    seconds === null ? [] : atLeast('Latency', 'latency', seconds, duration(seconds * 1_000)),
};

const cost: Column = {
  id: 'cost',
  name: 'Cost',
  width: '4.75rem',
  sort: 'cost',
  isNumber: true,
  cell: ({ cost: amount }, stats) =>
    amount !== null && (
      <Measured value={amount} p95={stats?.cost_p95} p99={stats?.cost_p99} what="cost">
        {dollars(amount)}
      </Measured>
    ),
  values: ({ cost: amount }) =>
    amount === null ? [] : atLeast('Cost', 'cost', amount, dollars(amount)),
};

const tokens: Column = {
  id: 'tokens',
  name: 'Tokens',
  width: '4.5rem',
  sort: 'tokens',
  isNumber: true,
  cell: ({ tokens: number }) => (
    <span className="text-fg-2">{number !== null && count(number)}</span>
  ),
  values: ({ tokens: number }) =>
    number === null ? [] : atLeast('Tokens', 'tokens', number, count(number)),
};

/** All columns but those of evaluators, in the order in which they stand. */
export const plainColumns: readonly Column[] = [
  ...[time, kind, file, version, status, input, output, environment, user, source],
  ...[latency, cost, tokens],
];
