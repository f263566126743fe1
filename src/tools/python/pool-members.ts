import { ownerKey } from './fair-queue.ts';
import type { CodeOwner, Lane } from './python-call.ts';
import type { PythonProcess } from './python-process.ts';

/**
 * How many times as long as its start took a process is left to its owner although other code waits.
 * Otherwise two tools could take processes from each other at each call, and starts, which take a
 * hundred times as long as short calls, would be all that is done.
 */
const turnPerStart = 2;

/** A call or batch that wants a process. */
export interface Request {
  readonly owner: CodeOwner;
  readonly lane: Lane;
  /** Of one that judges: whether its process may be ended for a live call. */
  readonly mayInterrupt: () => boolean;
}

/** A process of the pool. */
export interface Member {
  readonly process: PythonProcess;
  /** What it runs, or ran last; undefined as long as the process is clean. */
  request: Request | undefined;
  /** `leaving`: killed to make room. It is removed when its process has ended. */
  state: 'idle' | 'busy' | 'leaving';
  /** When its state began. */
  since: number;
  /** When its owner got it. */
  ownedSince: number;
}

/** The processes of a pool. */
export class Members implements Iterable<Member> {
  readonly #members = new Set<Member>();

  get size(): number {
    return this.#members.size;
  }

  [Symbol.iterator](): Iterator<Member> {
    return this.#members.values();
  }

  add(member: Member): void {
    this.#members.add(member);
  }

  delete(member: Member): void {
    this.#members.delete(member);
  }

  in(state: Member['state']): readonly Member[] {
    return [...this.#members].filter((member) => member.state === state);
  }

  /** Whether a process runs code of this owner, or ran it last. */
  has(owner: CodeOwner): boolean {
    const key = ownerKey(owner);
    return [...this.#members].some(({ request }) => request && ownerKey(request.owner) === key);
  }

  /** An idle process of this owner. */
  idleOf(owner: CodeOwner): Member | undefined {
    const key = ownerKey(owner);
    return this.#ready.find(({ request }) => request && ownerKey(request.owner) === key);
  }

  /** An idle process that has run nothing. */
  get clean(): Member | undefined {
    return this.#ready.find(({ request }) => request === undefined);
  }

  /** The idle ones, without those that were killed and have not ended yet. */
  get #ready(): readonly Member[] {
    return this.in('idle').filter(({ process }) => process.isUsable);
  }
}

export function setState(member: Member, state: Member['state']): void {
  member.state = state;
  member.since = performance.now();
}

export function turnMs({ process }: Member): number {
  return turnPerStart * process.startMs;
}

export function judged({ request }: Member): boolean {
  return request?.lane === 'judging';
}

/** The member whose state is the oldest. */
export function longestIn(members: readonly Member[]): Member | undefined {
  return members.toSorted((a, b) => a.since - b.since)[0];
}
