/** The URL of the server and one of its API keys. `npm run example` sets both. */
const baseUrl = process.env['BASE_URL'] ?? 'http://127.0.0.1:5005';
const key = process.env['KEY'] ?? '';

/** Sends a GET request; returns the parsed JSON of its answer. */
export async function get<Answer>(path: string): Promise<Answer> {
  return (await (await request('GET', path)).json()) as Answer;
}

export async function post<Answer>(path: string, body: object): Promise<Answer> {
  return (await (await request('POST', path, body)).json()) as Answer;
}

/** Sends a POST request, and yields the events of its answer as they arrive. */
export async function* stream<Event>(path: string, body: object): AsyncGenerator<Event> {
  const { body: answer } = await request('POST', path, { ...body, stream: true });
  let rest = '';
  for await (const piece of answer?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === 'data: [DONE]') return;
      if (line.startsWith('data: ')) yield JSON.parse(line.slice('data: '.length));
    }
  }
}

async function request(method: string, path: string, body?: object): Promise<Response> {
  const response = await fetch(`${baseUrl}/v5/${path}`, {
    method,
    headers: { 'X-API-KEY': key, 'Content-Type': 'application/json' },
    body: body ? JSON.stringify(body) : null,
  }).catch(() => {
    throw new Error(`No server answers at ${baseUrl}. Start it with npm start.`);
  });
  if (response.ok) return response;
  const { detail } = (await response.json()) as { detail: string | { message?: string } };
  const text = typeof detail === 'string' ? detail : detail.message;
  throw new Error(text ?? JSON.stringify(detail));
}
