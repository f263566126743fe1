import type { Stretch } from '../trace/trace.ts';

export const logViews = ['conversation', 'trace', 'raw'] as const;
export type LogPageView = (typeof logViews)[number];

/** What the address of a log's page says of how it is looked at. */
export interface LogSearch {
  /** Undefined: conversation and trace beside each other where there is room; else the conversation. */
  readonly view?: LogPageView;
  /** The id of the span that is selected. */
  readonly span?: string;
  /** From and until, in milliseconds from the start: `1200-2400`. */
  readonly zoom?: string;
  /** The id of a log that is shown beside this one, to be compared. */
  readonly beside?: string;
  /** The filters of the list that led here, for the log before and the next one. */
  readonly within?: string;
}

/** Reads the address. What it does not know it leaves out. */
export function readLogSearch(search: Readonly<Record<string, unknown>>): LogSearch {
  const { view, span, zoom, beside, within } = search;
  return {
    ...(logViews.some((known) => known === view) && { view: view as LogPageView }),
    ...(typeof span === 'string' && { span }),
    ...(typeof zoom === 'string' && readZoom(zoom) && { zoom }),
    ...(typeof beside === 'string' && { beside }),
    ...(typeof within === 'string' && { within }),
  };
}

export function readZoom(text: string | undefined): Stretch | undefined {
  const [, from, until] = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text ?? '') ?? [];
  if (from === undefined || until === undefined || Number(from) >= Number(until)) return undefined;
  return [Number(from), Number(until)];
}

export function writeZoom(zoom: Stretch | undefined): string | undefined {
  return zoom?.map((ms) => Number(ms.toFixed(ms < 100 ? 2 : 0))).join('-');
}
