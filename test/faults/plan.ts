import { Dice, deriveSeed } from './dice.ts';

/**
 * The answers of a model in one conversation; they depend only on the seed in the first message.
 */
export interface Plan {
  readonly seed: number;
  /** 0: an agent that a client calls; 1 and 2: an agent that an agent calls; 3: a prompt. */
  readonly depth: number;
  readonly turns: readonly PlannedTurn[];
  /** The output of the run when nothing makes it fail. */
  readonly output: string;
}

export interface PlannedTurn {
  /** The pieces in which it is streamed. */
  readonly words: readonly string[];
  readonly calls: readonly PlannedCall[];
  /** The failures of the first attempts, in order; the attempt after them succeeds. */
  readonly troubles: readonly Trouble[];
}

export interface PlannedCall {
  /** Contains its plan, turn and place: `call_12_1_0`. */
  readonly id: string;
  readonly tool: ToolName;
  /** JSON text. */
  readonly arguments: string;
  /** The seed of the conversation that the call starts; undefined when it starts none. */
  readonly child: number | undefined;
}

export type ToolName =
  | 'lookup'
  | 'count'
  | 'middle'
  | 'inner'
  | 'summary'
  | 'work'
  | 'missing'
  | 'stop';

/**
 * `slow` answers late; a repeat cures `busy`, `broken` and `lost`; `cut` breaks off in the middle
 * of the answer, and `refused` always fails: both end the run with an error.
 */
export type Trouble = 'slow' | 'busy' | 'broken' | 'lost' | 'cut' | 'refused';

/** The choices for random plans. */
export interface PlanOptions {
  /** True: also call Python tools, which take a second each when a sandbox starts. */
  readonly withPython: boolean;
}

/** The tools at each depth, and their frequencies. */
const toolsAt: readonly Readonly<Partial<Record<ToolName, number>>>[] = [
  { lookup: 4, count: 4, middle: 3, summary: 1, missing: 0.3 },
  { lookup: 1.5, count: 3, inner: 3 },
  { lookup: 1.5, count: 3 },
  {},
];

/** The depth of the conversation that a tool starts. */
const depths: Readonly<Partial<Record<ToolName, number>>> = { middle: 1, inner: 2, summary: 3 };

export function planFor(seed: number, depth: number, { withPython }: PlanOptions): Plan {
  const dice = new Dice(seed);
  const weights = { ...toolsAt[depth], ...(withPython && depth < 2 ? { work: 0.7 } : {}) };
  const canCall = Object.keys(weights).length > 0;
  const last = canCall ? dice.between(1, depth === 0 ? 4 : 2) : 1;
  const turns: PlannedTurn[] = [];
  for (let number = 1; number < last; number++) {
    const tools = Array.from(
      { length: dice.weighted({ '1': 5, '2': 3, '3': 1 }) === '1' ? 1 : dice.between(2, 3) },
      () => dice.weighted(weights as Record<ToolName, number>),
    );
    turns.push({
      words: dice.chance(0.5) ? chooseWords(dice, seed, number) : [],
      calls: tools.map((tool, place) => plannedCall(seed, number, place, tool)),
      troubles: chooseTroubles(dice),
    });
  }
  const words = chooseWords(dice, seed, last);
  const stops = canCall && dice.chance(0.2);
  const output = words.join('');
  const stop: PlannedCall = {
    id: `call_${seed}_${last}_0`,
    tool: 'stop',
    arguments: JSON.stringify({ output }),
    child: undefined,
  };
  turns.push({
    words: stops ? [] : words,
    calls: stops ? [stop] : [],
    troubles: chooseTroubles(dice),
  });
  return { seed, depth, turns, output };
}

function plannedCall(seed: number, number: number, place: number, tool: ToolName): PlannedCall {
  const id = `call_${seed}_${number}_${place}`;
  const depth = depths[tool];
  if (depth === undefined) {
    return { id, tool, arguments: JSON.stringify({ key: id }), child: undefined };
  }
  const child = deriveSeed(seed, number, place);
  return { id, tool, arguments: JSON.stringify({ message: planText(child, depth) }), child };
}

/** The plan of the conversation that a call starts; undefined when it starts none. */
export function planBelow({ tool, child }: PlannedCall, options: PlanOptions): Plan | undefined {
  const depth = depths[tool];
  return child === undefined || depth === undefined ? undefined : planFor(child, depth, options);
}

function chooseWords(dice: Dice, seed: number, number: number): readonly string[] {
  return Array.from({ length: dice.between(1, 8) }, (_, at) => `w${seed}.${number}.${at} `);
}

function chooseTroubles(dice: Dice): readonly Trouble[] {
  if (dice.chance(0.85)) return [];
  const kind = dice.weighted({ slow: 4, busy: 2, broken: 2, lost: 2, cut: 0.5, refused: 0.3 });
  return kind === 'refused' ? Array<Trouble>(20).fill(kind) : [kind];
}

/** The first message of a conversation, which determines its plan. */
export function planText(seed: number, depth: number): string {
  return `plan ${seed} ${depth}`;
}

/** The seed and the depth in a first message; undefined when it contains none. */
export function planIn(
  text: string,
): { readonly seed: number; readonly depth: number } | undefined {
  const [, seed, depth] = /^plan (\d+) (\d)$/.exec(text) ?? [];
  return seed === undefined ? undefined : { seed: Number(seed), depth: Number(depth) };
}

/** The turn and the place of a planned call, from its id. */
export function parseCallId(
  callId: string,
): { readonly seed: number; readonly turn: number } | undefined {
  const [, seed, turn] = /^call_(\d+)_(\d+)_\d+$/.exec(callId) ?? [];
  return seed === undefined ? undefined : { seed: Number(seed), turn: Number(turn) };
}
