import { providerOf } from '../../../contract/kinds/model.ts';
import type { PromptSpec } from '../../../contract/kinds/prompt.ts';
import { givenDefaultsOf, withGivenDefaults } from '../../../files/given-defaults.ts';
import { linksOf } from '../../../files/linked-files.ts';
import { secondsBetween } from '../../../kernel/clock.ts';
import { each } from '../../../kernel/each.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { textOf } from '../../../logs/message-text.ts';
import { promptTokens } from '../../../logs/totals.ts';
import { endingOf } from '../../../providers/finish-reasons.ts';
import { completesTexts } from '../../../providers/model-names.ts';
import { ProviderFailure } from '../../../providers/provider.ts';
import { askModel } from '../../models/ask-model.ts';
import {
  callableEndpoints,
  modelRequest,
  requireCallable,
  wholeConversation,
} from '../../models/model-request.ts';
import { asTurn } from '../../models/turns.ts';
import { Notes } from '../../runs/notes.ts';
import type { OfferedTools } from '../../runs/run.ts';
import { offeredByPrompt } from '../prompt/prompt-tools.ts';
import type { JudgeCall, JudgeItem } from './judge-call.ts';
import { deadPaths, judgeVariables, referencedVariables } from './judge-variables.ts';
import { readVerdict } from './read-verdict.ts';
import { newVerdict, type Verdict } from './verdict.ts';

/**
 * Judges by a model: asks the prompt of the evaluator about each log, and reads its answer. Models
 * are asked in the turns of `modelJudges`, unless somebody waits for the verdict.
 */
export async function judgeByModel(call: JudgeCall): Promise<void> {
  const { workspace, version, items, signal, told } = call;
  const prompt = promptOf(call);
  if (!prompt) return tellAll(call, 'This evaluator has no prompt.');
  const tools = await offeredByPrompt(workspace, prompt, linksOf(version));
  const stop = new AbortController();
  const judging = { ...call, signal: AbortSignal.any([signal, stop.signal]) };
  try {
    await Promise.all(
      items.map(async (item, index) => {
        const verdict = isFailed(item) ? notAsked : await inTurn(judging, { prompt, tools, item });
        judging.signal.throwIfAborted();
        told(index, verdict);
      }),
    );
  } catch (error) {
    // The server cannot judge an item. Stop the other models: nobody would read their verdicts.
    stop.abort(error);
    throw error;
  }
}

function promptOf({ version }: JudgeCall): PromptSpec | null | undefined {
  const { spec } = version.spec;
  return spec.evaluator_type === 'llm' && spec.prompt
    ? { ...asChatIfNeeded(spec.prompt), ...withGivenDefaults({}, givenDefaultsOf(version.spec)) }
    : undefined;
}

/**
 * Asks a model that completes no texts by a chat instead, with the text as the message of a user.
 * Evaluators often have `complete` with such a model, and vendors refuse that.
 */
function asChatIfNeeded(prompt: PromptSpec): PromptSpec {
  const { endpoint, template, model } = prompt;
  const named = { provider: providerOf(prompt), model };
  if (endpoint !== 'complete' || completesTexts(named)) return prompt;
  if (typeof template !== 'string') return { ...prompt, endpoint: 'chat' };
  return { ...prompt, endpoint: 'chat', template: [{ role: 'user', content: template }] };
}

function tellAll({ items, told }: JudgeCall, error: string): void {
  for (const index of items.keys()) told(index, newVerdict({ error }));
}

function isFailed({ log }: JudgeItem): boolean {
  return typeof log['error'] === 'string';
}

const notAsked = newVerdict({ error: 'The Log has an error; no model is asked to judge it.' });

/** How often a vendor may refuse because of its limits before that is the verdict. */
const mostAttempts = 3;

interface Asked {
  readonly prompt: PromptSpec;
  readonly tools: OfferedTools;
  readonly item: JudgeItem;
  /** True: a refusal because of the vendor's limits is no verdict. */
  readonly mayAskAgain?: boolean;
}

/** Judges when it is the model's turn, and again when the vendor refuses because of its limits. */
async function inTurn(call: JudgeCall, asked: Asked): Promise<Verdict> {
  const { parts, workspace, signal, lane } = call;
  if (lane === 'live') return judgeOne(call, asked);
  const provider = providerOf(asked.prompt);
  const judgeInTurn = (asked: Asked) =>
    parts.modelJudges.take(workspace.organizationId, provider, () => judgeOne(call, asked), signal);
  for (let attempt = 1; attempt < mostAttempts; attempt += 1) {
    try {
      return await judgeInTurn({ ...asked, mayAskAgain: true });
    } catch (error) {
      if (!isRateLimited(error)) throw error;
    }
  }
  return judgeInTurn(asked);
}

function isRateLimited(error: unknown): boolean {
  return error instanceof ProviderFailure && error.kind === 'rate_limited';
}

/**
 * @throws the reason of the signal when it is aborted; with `mayAskAgain` the failure of a vendor that
 *   has refused because of its limits.
 */
async function judgeOne(call: JudgeCall, asked: Asked): Promise<Verdict> {
  const { prompt, tools, item } = asked;
  const { workspace } = call;
  const variables = await judgeVariables(prompt, item);
  const inputs = referencedVariables(prompt, variables);
  const record = { inputs: variables, messages: null };
  const conversation = { spec: prompt, record, snippets: tools.snippets, call: record, workspace };
  try {
    await requireCallable(conversation, callableEndpoints.prompt);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const dead = deadPaths(prompt, variables);
    const where = dead.length === 0 ? '' : ` These lead nowhere: ${dead.join(', ')}.`;
    return newVerdict({ inputs, error: `${error.message}${where}` });
  }
  const request = modelRequest(prompt, {
    messages: await wholeConversation(conversation, []),
    tools: [...tools.byName.values()].map((tool) => tool.function),
    toolChoice: undefined,
    stream: false,
  });
  return { ...(await ask(call, asked, request)), inputs };
}

async function ask(
  call: JudgeCall,
  { prompt, tools, mayAskAgain }: Asked,
  request: ReturnType<typeof modelRequest>,
): Promise<Verdict> {
  const { parts, workspace, signal, version } = call;
  const notes = new Notes(null);
  notes.add(tools.notes);
  try {
    const asker = { parts, workspace, signal, notes, providerApiKeys: {} };
    const turn = asTurn(call, await each(askModel(asker, prompt, request), () => {}), 1);
    const { message, started_at: start, ended_at: end } = turn;
    const output = message && textOf(message);
    return newVerdict({
      ...answerFields(turn),
      ...verdictIn(version.spec.spec, prompt, { output, finishReason: turn.finish_reason }),
      output,
      output_message: message,
      stdout: notes.text,
      start_time: start,
      end_time: end,
      provider_latency: secondsBetween(start, end),
    });
  } catch (error) {
    if (!(error instanceof ProviderFailure) || (mayAskAgain && isRateLimited(error))) throw error;
    const { message, providerRequest, providerResponse } = error;
    return newVerdict({
      error: message,
      stdout: notes.text,
      provider_request: providerRequest ?? null,
      provider_response: providerResponse ?? null,
    });
  }
}

function answerFields(turn: ReturnType<typeof asTurn>): Partial<Verdict> {
  const { output_tokens, reasoning_tokens, prompt_cost, output_cost } = turn;
  const { finish_reason, provider_request, provider_response } = turn;
  return {
    prompt_tokens: promptTokens(turn),
    output_tokens,
    reasoning_tokens,
    prompt_cost,
    output_cost,
    finish_reason,
    provider_request,
    provider_response,
  };
}

function verdictIn(
  details: JudgeCall['version']['spec']['spec'],
  { response_format: format }: PromptSpec,
  {
    output,
    finishReason,
  }: { readonly output: string | null; readonly finishReason: string | null },
): Pick<Verdict, 'judgment' | 'error'> {
  if (endingOf(finishReason) === 'cut') {
    return { judgment: null, error: 'The answer was cut: it reached `max_tokens`.' };
  }
  const isJson = format?.type === 'json_object' || format?.type === 'json_schema';
  return readVerdict(details, output ?? '', { isJson });
}
