/** A page of a file, or of one of its logs, that was open in this browser. */
export interface Visit {
  readonly path: string;
  /** What stands behind its `?`. */
  readonly search: object;
  readonly title: string;
  readonly fileId: string;
}

const most = 6;

/** Notes that a page is open. Of a page that was open before, the newest look counts. */
export function noteVisit(memberId: string, visit: Visit): void {
  const others = visitsOf(memberId).filter(({ path }) => path !== visit.path);
  localStorage.setItem(keyOf(memberId), JSON.stringify([visit, ...others].slice(0, most)));
}

/** The pages that a member had open last, the newest first. */
export function visitsOf(memberId: string): readonly Visit[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(memberId)) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isVisit) : [];
  } catch {
    return [];
  }
}

function isVisit(value: unknown): value is Visit {
  const { path, search, title, fileId } = Object(value) as Partial<Visit>;
  const isOwnPath = /^\/(?!\/)/.test(String(path)) && typeof search === 'object';
  return isOwnPath && [title, fileId].every((one) => typeof one === 'string');
}

function keyOf(memberId: string): string {
  return `loopwright.visits.${memberId}`;
}
