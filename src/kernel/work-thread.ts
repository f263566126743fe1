import { parentPort, Worker } from 'node:worker_threads';
import { Lines } from './lines.ts';

/** A question took longer than its thread may, which was ended. */
export class ThreadEnded extends Error {
  constructor() {
    super('The work took too much time.');
    this.name = 'ThreadEnded';
  }
}

interface Asked<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Milliseconds without a question after which the thread is ended. */
const idleMs = 10_000;

/**
 * A thread for work that would hold the one that answers requests. It starts with the first
 * question, takes one after the other, and is ended when one takes too long: the next has a new one.
 *
 * Its memory has no limit of its own: where V8 cannot keep to one, it ends the process. So the work
 * must bound what it needs.
 */
export class WorkThread<Question, Answer> {
  readonly #module: URL;
  readonly #longestMs: number;
  readonly #waiting = new Lines<Asked<Question, Answer>>();
  #worker: Worker | undefined;
  #current: Asked<Question, Answer> | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

  /**
   * @param module calls {@link answerQuestions}.
   * @param longestMs milliseconds of processor time for a question.
   */
  constructor(module: URL, longestMs: number) {
    this.#module = module;
    this.#longestMs = longestMs;
  }

  /**
   * Waits for its turn, and for the answer. Organizations take turns.
   *
   * @param owner the organization that asks.
   * @throws ThreadEnded; what the work throws, as an error without its class.
   */
  ask(owner: string, question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(owner, { question, resolve, reject });
      if (!this.#current) this.#next();
    });
  }

  #next(): void {
    this.#current = this.#waiting.next();
    clearTimeout(this.#idle);
    if (!this.#current) {
      this.#worker?.unref();
      this.#idle = setTimeout(() => this.#end(), idleMs).unref();
      return;
    }
    this.#worker ??= this.#start();
    // The thread keeps the process alive only while somebody waits.
    this.#worker.ref();
    this.#worker.postMessage(this.#current.question);
    this.#watch(process.cpuUsage());
  }

  /** Ends the thread in time, but not because the machine was asleep or busy with something else. */
  #watch(begun: NodeJS.CpuUsage): void {
    const longestMs = this.#longestMs;
    this.#deadline = setTimeout(() => {
      const { user, system } = process.cpuUsage(begun);
      if (user + system < longestMs * 1_000) this.#watch(begun);
      else this.#fail(new ThreadEnded());
    }, longestMs);
  }

  #start(): Worker {
    const worker = new Worker(this.#module);
    worker.on('message', (answer: Answered<Answer>) => {
      const asked = this.#done();
      if ('thrown' in answer) asked?.reject(answer.thrown);
      else asked?.resolve(answer.answer);
      this.#next();
    });
    worker.on('error', (error) => {
      if (worker === this.#worker) this.#fail(error);
    });
    return worker;
  }

  #fail(error: unknown): void {
    this.#end();
    this.#done()?.reject(error);
    this.#next();
  }

  #done(): Asked<Question, Answer> | undefined {
    clearTimeout(this.#deadline);
    const asked = this.#current;
    this.#current = undefined;
    return asked;
  }

  #end(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
  }
}

type Answered<Answer> = { readonly answer: Answer } | { readonly thrown: unknown };

/** Makes the module of a {@link WorkThread} answer its questions. */
export function answerQuestions<Question, Answer>(answer: (question: Question) => Answer): void {
  parentPort?.on('message', (question: Question) => {
    let answered: Answered<Answer>;
    try {
      answered = { answer: answer(question) };
    } catch (thrown) {
      answered = { thrown };
    }
    parentPort?.postMessage(answered);
  });
}
