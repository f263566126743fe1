import {
  callsOf,
  chunksOf,
  type FakeAnswer,
  type FakeRequest,
  type FakeUsage,
  type FakeWire,
  parsed,
  someUsage,
} from './answer.ts';

/** Google's Gemini API: https://ai.google.dev/api/generate-content */
export const generateContent: FakeWire = {
  path: /:(?:generateContent|streamGenerateContent)$/,
  isStream: ({ path }) => path.includes(':streamGenerateContent'),
  whole(answer, request) {
    const parts = [...thoughtsOf(answer), ...spokenOf(answer)];
    return {
      candidates: [{ content: { parts: joinedTexts(parts), role: 'model' }, ...finish(answer) }],
      ...end(answer, request),
    };
  },
  events(answer, request) {
    const parts = [...thoughtsOf(answer), ...spokenOf(answer)];
    const chunks = parts.map((part) => ({
      candidates: [{ content: { parts: [part], role: 'model' }, index: 0 }],
      ...frame(answer, request),
    }));
    const last = {
      candidates: [{ content: { parts: [{ text: '' }], role: 'model' }, ...finish(answer) }],
      ...end(answer, request),
    };
    return [...chunks, last].map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`);
  },
  lastEvents: () => 1,
};

type Part = Readonly<Record<string, unknown>>;

function thoughtsOf({ thinking = [] }: FakeAnswer): Part[] {
  return thinking.flatMap((part) =>
    'thinking' in part ? [{ text: part.thinking, thought: true }] : [],
  );
}

/** Text and calls. The signature of what was thought hangs on the first call, or the last text. */
function spokenOf(answer: FakeAnswer): Part[] {
  const texts: Part[] = chunksOf(answer.text ?? '').map((text) => ({ text }));
  const calls: Part[] = callsOf(answer, 'fc').map(({ id, name, text }) => ({
    functionCall: { id, name, args: parsed(text) },
  }));
  const signature = (answer.thinking ?? []).flatMap((part) =>
    'signature' in part ? [part.signature] : [],
  )[0];
  if (signature === undefined) return [...texts, ...calls];
  const at = calls.length > 0 ? texts.length : texts.length - 1;
  return [...texts, ...calls].map((part, index) =>
    index === at ? { ...part, thoughtSignature: signature } : part,
  );
}

function joinedTexts(parts: readonly Part[]): Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const before = joined.at(-1);
    if (
      typeof part['text'] === 'string' &&
      before?.['text'] &&
      before['thought'] === part['thought']
    ) {
      joined[joined.length - 1] = { ...part, text: `${before['text']}${part['text']}` };
    } else {
      joined.push(part);
    }
  }
  return joined;
}

function finish({ finishReason }: FakeAnswer) {
  return { finishReason: finishReason ?? 'STOP', index: 0 };
}

function frame({ extra }: FakeAnswer, { path }: FakeRequest) {
  const [, modelVersion] = /models\/([^:]+):/.exec(path) ?? [];
  return { modelVersion, responseId: 'resp_fake', ...extra };
}

function end(answer: FakeAnswer, request: FakeRequest) {
  const usage = answer.usage === null ? {} : { usageMetadata: usageOf(answer.usage) };
  return { ...usage, ...frame(answer, request) };
}

function usageOf({ input, cacheRead, output, reasoning }: FakeUsage = someUsage) {
  const prompt = input + (cacheRead ?? 0);
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: output - (reasoning ?? 0),
    totalTokenCount: prompt + output,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }],
    ...(cacheRead === undefined ? {} : { cachedContentTokenCount: cacheRead }),
    ...(reasoning === undefined ? {} : { thoughtsTokenCount: reasoning }),
  };
}
