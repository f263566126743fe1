import { setTimeout as sleep } from 'node:timers/promises';
import { Dice } from './dice.ts';
import { type Ask, persist, type Reply } from './requests.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

type Body = Reply['body'];

/** Milliseconds in which a Run must end, however often servers fail meanwhile. */
const patienceMs = 90_000;

/** A Run that was begun, and what it must have in the end. */
interface BegunRun {
  readonly evaluationId: string;
  readonly runId: string;
  readonly size: number;
  /** The evaluated file, and the evaluators. */
  readonly fileId: string;
  readonly evaluatorIds: readonly string[];
  /** What was written when the cancel was acknowledged; undefined: the Run was to be completed. */
  readonly atCancel: Written | undefined;
}

interface Written {
  readonly logs: number;
  readonly judgments: number;
}

/**
 * Runs of Evaluations during the faults: one that the server fills, one that a client fills and judges,
 * and one that is cancelled.
 */
export class EvaluationRuns {
  readonly #world: World;
  readonly #tally: Tally;
  readonly #seed: number;
  readonly #dice: Dice;
  readonly #begun: BegunRun[] = [];
  #posts = 0;

  constructor(world: World, tally: Tally, seed: number) {
    this.#world = world;
    this.#tally = tally;
    this.#seed = seed;
    this.#dice = new Dice(seed);
  }

  /** Plays the Runs side by side. */
  async live(): Promise<void> {
    await Promise.all([
      this.#generated('completed'),
      this.#ofClient(),
      this.#generated('cancelled'),
    ]);
  }

  /** Checks that each Datapoint has one log, and each log one judgment of each evaluator. */
  async check(): Promise<void> {
    for (const run of this.#begun) {
      if (run.atCancel) await this.#checkCancelled(run, run.atCancel);
      else await this.#checkCompleted(run);
    }
  }

  /** A Run that the server fills. */
  async #generated(end: 'completed' | 'cancelled'): Promise<void> {
    const path = `evaluated/${this.#seed}/${end}`;
    const size = 20;
    const prompt = await this.#post('prompts', {
      path: `${path} prompt`,
      provider: 'mock',
      model: 'mock',
      template: '{{word}}',
      other: { script: [{ content: 'An answer.', delay_ms: this.#dice.between(20, 200) }] },
    });
    const judges = [
      await this.#judge(`${path} one`),
      await this.#judge(`${path} two`),
      ...(this.#world.options.withPython ? [await this.#code(`${path} code`)] : []),
    ];
    const { evaluation, run } = await this.#begin(prompt, judges, size, { orchestrated: true });
    const begun = {
      evaluationId: evaluation.id,
      runId: run.id,
      size,
      fileId: prompt.id,
      evaluatorIds: judges.map(({ id }) => id),
      atCancel: undefined,
    };
    if (end === 'completed') {
      this.#begun.push(begun);
      return this.#untilCompleted(begun);
    }
    await this.#untilWritten(begun, this.#dice.between(0, size));
    const url = `/v5/evaluations/${evaluation.id}/runs/${run.id}`;
    const asked = { method: 'PATCH', path: url, body: { status: 'cancelled' } } as const;
    const { status, body } = await this.#persist(asked);
    // Refused: an attempt whose answer was lost has cancelled it, or it was completed just now.
    if (status !== 200 && body.code !== 'evaluation_run_ended') return this.#refused(asked, body);
    const atCancel = await this.#written(begun);
    this.#begun.push({ ...begun, atCancel });
  }

  /** A Run that a client fills, and judges with an evaluator of its own. */
  async #ofClient(): Promise<void> {
    const path = `evaluated/${this.#seed}/client`;
    const size = 8;
    const flow = await this.#post('flows', { path: `${path} flow`, attributes: { v: 1 } });
    const own = await this.#post('evaluators', { path: `${path} own`, spec: external });
    const judges = [await this.#judge(`${path} one`), { ...own, orchestrated: false }];
    const { evaluation, run, datapoints } = await this.#begin(flow, judges, size, {
      orchestrated: false,
    });
    const begun = {
      evaluationId: evaluation.id,
      runId: run.id,
      size,
      fileId: flow.id,
      evaluatorIds: judges.map(({ id }) => id),
      atCancel: undefined,
    };
    this.#begun.push(begun);
    const log = async ({ id, inputs }: Body, index: number) => {
      const logId = `evaluated-${this.#seed}-${index}`;
      const named = { run_id: run.id, source_datapoint_id: id, log_id: logId };
      const said = { inputs, output: 'An answer.', log_status: 'complete' };
      await this.#post(`flows/log?version_id=${flow.version_id}`, {
        id: flow.id,
        ...named,
        ...said,
      });
      await this.#post('evaluators/log', {
        id: own.id,
        parent_id: logId,
        judgment: true,
        log_id: `${logId}-judged`,
      });
    };
    await Promise.all(datapoints.map(log));
    await this.#untilCompleted(begun);
  }

  async #begin(file: Body, judges: readonly Body[], size: number, request: object) {
    const datapoints = Array.from({ length: size }, (_, n) => ({ inputs: { word: `word ${n}` } }));
    const dataset = await this.#post('datasets?include_datapoints=true', {
      path: `${file.path} dataset`,
      datapoints,
      action: 'set',
    });
    const evaluation = await this.#post('evaluations', {
      name: 'faults',
      file: { id: file.id },
      evaluators: judges.map(({ version_id, orchestrated }) => ({
        version_id,
        ...(orchestrated === undefined ? {} : { orchestrated }),
      })),
    });
    const run = await this.#post(`evaluations/${evaluation.id}/runs`, {
      dataset: { version_id: dataset.version_id },
      version: { version_id: file.version_id },
      ...request,
    });
    this.#tally.add('Runs of Evaluations');
    return { evaluation, run, datapoints: dataset.datapoints as readonly Body[] };
  }

  #judge(path: string): Promise<Body> {
    const script = [{ content: 'true', delay_ms: this.#dice.between(0, 100) }];
    const prompt = { provider: 'mock', model: 'mock', template: 'Judge.', other: { script } };
    return this.#post('evaluators', { path, spec: { ...external, evaluator_type: 'llm', prompt } });
  }

  #code(path: string): Promise<Body> {
    const code = 'def judge(log):\n    return len(log["output"]) > 0\n';
    return this.#post('evaluators', {
      path,
      spec: { ...external, evaluator_type: 'python', code },
    });
  }

  async #untilCompleted(begun: BegunRun): Promise<void> {
    const { evaluationId, runId } = begun;
    const giveUpAt = performance.now() + patienceMs;
    for (;;) {
      const { body } = await this.#persist({ path: `/v5/evaluations/${evaluationId}/runs` });
      const run = body.runs.find(({ id }: Body) => id === runId);
      if (run.status === 'completed') return;
      if (run.status === 'cancelled' || performance.now() > giveUpAt) {
        const { status, error, progress } = run;
        const said = JSON.stringify({ status, error, progress });
        return this.#tally.violation(`Run ${runId} does not complete: ${said}`);
      }
      await sleep(200);
    }
  }

  async #untilWritten(begun: BegunRun, logs: number): Promise<void> {
    const giveUpAt = performance.now() + patienceMs;
    while ((await this.#written(begun)).logs < logs) {
      if (performance.now() > giveUpAt) {
        return this.#tally.violation(`Run ${begun.runId} has not made ${logs} logs`);
      }
      await sleep(20);
    }
  }

  async #written({ fileId, evaluatorIds }: BegunRun): Promise<Written> {
    const count = async (ids: readonly string[]) => {
      const { rows } = await this.#query<{ n: number }>(
        'SELECT count(*)::integer AS n FROM log WHERE file_id = ANY($1)',
        [[...ids]],
      );
      return rows[0]?.n ?? 0;
    };
    return { logs: await count([fileId]), judgments: await count(evaluatorIds) };
  }

  async #checkCompleted({ runId, size, fileId, evaluatorIds }: BegunRun): Promise<void> {
    const { rows: logs } = await this.#query<{ id: string; datapoint: string }>(
      'SELECT id, source_datapoint_id AS datapoint FROM log WHERE file_id = $1',
      [fileId],
    );
    const datapoints = new Set(logs.map(({ datapoint }) => datapoint));
    if (logs.length !== size || datapoints.size !== size) {
      this.#tally.violation(
        `Run ${runId} of ${size} Datapoints has ${logs.length} logs of ${datapoints.size}`,
      );
    }
    this.#tally.add('logs of Runs', logs.length);
    for (const id of evaluatorIds) {
      const { rows } = await this.#query<{ parent: string; error: string | null }>(
        'SELECT parent_id AS parent, error FROM log WHERE file_id = $1',
        [id],
      );
      const judged = new Set(rows.map(({ parent }) => parent));
      if (rows.length !== size || logs.some((log) => !judged.has(log.id))) {
        this.#tally.violation(
          `Run ${runId} has ${rows.length} judgments of ${id} on ${judged.size} of ${size} logs`,
        );
      }
      this.#tally.add('judgments of Runs', rows.length);
      this.#tally.add('judgments with an error', rows.filter(({ error }) => error !== null).length);
    }
    const { rows: open } = await this.#query(
      `SELECT s.state FROM evaluation_slot s WHERE s.run_id = $1 AND s.state <> 'ready'
      UNION ALL SELECT 'task' FROM judgment_task t JOIN evaluation_slot s ON s.log_id = t.log_id
        WHERE s.run_id = $1`,
      [runId],
    );
    if (open.length > 0) {
      this.#tally.violation(`Run ${runId} is completed, and ${JSON.stringify(open)} is open`);
    }
  }

  async #checkCancelled(begun: BegunRun, atCancel: Written): Promise<void> {
    const now = await this.#written(begun);
    if (now.logs !== atCancel.logs || now.judgments !== atCancel.judgments) {
      this.#tally.violation(
        `Run ${begun.runId} was cancelled with ${JSON.stringify(atCancel)}, and has ${JSON.stringify(now)}`,
      );
    }
    const giveUpAt = performance.now() + patienceMs;
    for (;;) {
      const { rows } = await this.#query(
        `SELECT FROM run JOIN log ON log.id = run.log_id WHERE log.file_id = $1
        UNION ALL SELECT FROM judgment_task t JOIN log ON log.id = t.log_id WHERE log.file_id = $1`,
        [begun.fileId],
      );
      if (rows.length === 0) return;
      if (performance.now() > giveUpAt) {
        return this.#tally.violation(
          `Run ${begun.runId} was cancelled, and ${rows.length} calls or tasks go on`,
        );
      }
      await sleep(100);
    }
  }

  /** Posts until it is answered. The same key makes a repeat harmless. */
  async #post(path: string, body: object): Promise<Body> {
    const headers = { 'idempotency-key': `evaluated-${this.#seed}-${this.#posts++}` };
    const hasLogId = 'log_id' in body;
    const asked = {
      method: 'POST',
      path: `/v5/${path}`,
      body,
      ...(hasLogId ? {} : { headers }),
    } as const;
    const reply = await this.#persist(asked);
    if (reply.status !== 200 && reply.status !== 201) this.#refused(asked, reply.body);
    return reply.body;
  }

  #refused({ path }: Ask, body: Body): void {
    this.#tally.violation(`${path} was refused: ${JSON.stringify(body)}`);
  }

  #persist(asked: Ask): Promise<Reply> {
    return persist(this.#world, this.#tally, this.#dice.between(0, 9), asked);
  }

  /** Asks Postgres, which may be down at the moment. */
  async #query<Row>(text: string, values: readonly unknown[]): Promise<{ readonly rows: Row[] }> {
    const giveUpAt = performance.now() + patienceMs;
    for (;;) {
      try {
        return await this.#world.database.pool.query<Row & object>(text, [...values]);
      } catch (error) {
        if (performance.now() > giveUpAt) throw error;
        await sleep(100);
      }
    }
  }
}

const external = {
  evaluator_type: 'external',
  arguments_type: 'target_free',
  return_type: 'boolean',
};
