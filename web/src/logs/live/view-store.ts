import { ApiError } from '../../api/api-error.ts';
import type { AgentEvent, PromptPiece } from './agent-event.ts';
import { followRun, readLog, readSpans } from './log-api.ts';
import { changed, type LogView, stateOf, type ViewChange, viewOf } from './log-view.ts';

/** What the page of a log knows so far. */
export interface Loaded {
  readonly view: LogView | undefined;
  readonly error: unknown;
  /** Why the server refused the spans; undefined while it does not. */
  readonly spansError: unknown;
  /** False while the connection to a run that goes on is lost. */
  readonly isConnected: boolean;
}

/** Milliseconds between two looks at the spans of a run that goes on, and at a log that waits. */
const lookMs = 2_000;
/** Milliseconds after an event until the spans are asked for: more events come with it. */
const gatherMs = 150;

/**
 * Loads a log and keeps it up to date: it follows a run that goes on, looks after one that waits, and
 * reads the spans that have changed. All of it ends with `stop`.
 */
export class ViewStore {
  readonly #logId: string;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<() => void>();
  #loaded: Loaded = {
    view: undefined,
    error: undefined,
    spansError: undefined,
    isConnected: true,
  };
  #pending: ViewChange[] = [];
  #frame: number | undefined;
  /** Who waits for something that is told. */
  readonly #waiting = new Map<'wake' | 'spans', () => void>();

  constructor(logId: string) {
    this.#logId = logId;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): Loaded => this.#loaded;

  /** Loads the log, and goes on until `stop`. What it does at that moment it ends first. */
  async start(): Promise<void> {
    try {
      await this.#readLog();
    } catch (error) {
      this.#set({ error: this.#stop.signal.aborted ? undefined : error });
      return;
    }
    void this.#keepSpans();
    void this.#keepLog();
  }

  stop(): void {
    this.#stop.abort();
    this.#tell('wake');
    this.#tell('spans');
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  /** Asks for the spans again, after they were refused. */
  retrySpans(): void {
    this.#tell('wake');
  }

  /** Reads the log anew, after something was sent to it. */
  async refresh(): Promise<void> {
    await this.#readLog();
    this.#tell('wake');
    this.#tell('spans');
  }

  async #readLog(): Promise<void> {
    const log = await readLog(this.#logId, this.#stop.signal);
    const { view } = this.#loaded;
    this.#set({
      view: view ? changed(view, { type: 'stored', log }) : viewOf(log),
      error: undefined,
    });
  }

  async #keepLog(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const state = this.#loaded.view?.state;
      if (state === 'running' && this.#hasEvents()) await this.#follow();
      else if (state === 'ended' && !this.#isUnfinished()) return;
      else await this.#until('spans');
      if (this.#stop.signal.aborted) return;
      await this.#lookAgain();
    }
  }

  /** Follows the run until it rests, or the connection is lost. */
  async #follow(): Promise<void> {
    try {
      const after = this.#loaded.view?.lastEvent ?? 0;
      const events = followRun(this.#logId, after, this.#stop.signal);
      for (;;) {
        const next = await events.next();
        if (next.done) break;
        this.#take(next.value.number, next.value.event);
      }
      this.#flush();
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      // Events of a run that ended long ago are gone, and some runs have none: then the log says all.
      if (!(error instanceof ApiError)) this.#set({ isConnected: false });
      await this.#pause(lookMs);
    }
  }

  async #lookAgain(): Promise<void> {
    try {
      await this.#readLog();
      this.#set({ isConnected: true });
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      if (error instanceof ApiError) this.#set({ error });
      else this.#set({ isConnected: false });
      await this.#pause(lookMs);
    }
  }

  /** Reads all spans, and then what changes while the trace is open. */
  async #keepSpans(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const isOpen = await this.#readSpans().catch((error: unknown) => this.#refuseSpans(error));
      // Till somebody sends something to it, a closed trace changes no more. Nobody sees a hidden page.
      await Promise.race([this.#until('wake'), ...(isOpen ? [this.#pause(lookMs)] : [])]);
      await this.#pause(gatherMs);
      while (document.hidden && !this.#stop.signal.aborted) await this.#pause(lookMs);
    }
  }

  /** @returns whether to ask again by itself: what the server refuses waits for the reader. */
  #refuseSpans(error: unknown): boolean {
    if (this.#stop.signal.aborted) return false;
    const isRefused = error instanceof ApiError;
    this.#set(isRefused ? { spansError: error } : { isConnected: false });
    return !isRefused;
  }

  async #readSpans(): Promise<boolean> {
    let isFirst = true;
    let isOpen = false;
    const since = this.#loaded.view?.changes ?? null;
    for await (const page of readSpans(this.#logId, { since, signal: this.#stop.signal })) {
      const { view } = this.#loaded;
      if (view && (page.spans.length > 0 || page.changes !== view.changes)) {
        this.#set({ view: changed(view, { type: 'spans', page, isFirst }) });
      }
      if (since !== null && page.spans.length > 0) this.#tell('spans');
      isFirst = false;
      isOpen = page.is_open;
    }
    const { spansError, isConnected } = this.#loaded;
    if (spansError !== undefined || !isConnected) {
      this.#set({ spansError: undefined, isConnected: true });
    }
    return isOpen;
  }

  /** Words come faster than they can be drawn, so they are gathered until the next frame. */
  #take(number: number, event: AgentEvent | PromptPiece): void {
    this.#pending.push({ type: 'event', number, event });
    if ('type' in event && !event.type.endsWith('_update')) this.#tell('wake');
    this.#frame ??= requestAnimationFrame(() => this.#flush());
  }

  #flush(): void {
    this.#frame = undefined;
    const { view } = this.#loaded;
    if (view && this.#pending.length > 0) this.#set({ view: this.#pending.reduce(changed, view) });
    this.#pending = [];
  }

  #hasEvents(): boolean {
    const { view } = this.#loaded;
    return view !== undefined && ('agent' in view.log || 'prompt' in view.log);
  }

  /** A log of a client's own code that will still change. */
  #isUnfinished(): boolean {
    const log = this.#loaded.view?.log;
    return log !== undefined && (stateOf(log) !== 'ended' || log.log_status === 'incomplete');
  }

  #until(what: 'wake' | 'spans'): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(what, resolve));
  }

  #tell(what: 'wake' | 'spans'): void {
    this.#waiting.get(what)?.();
    this.#waiting.delete(what);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#stop.signal.aborted ? 0 : ms));
  }

  #set(change: Partial<Loaded>): void {
    this.#loaded = { ...this.#loaded, ...change };
    for (const listener of this.#listeners) listener();
  }
}
