/** An answer that is not 2xx, as its problem body says it. */
export class ApiError extends Error {
  readonly status: number;
  /** `log_not_found`; empty when something in between answered. */
  readonly code: string;
  /** What to give to whoever runs the server. */
  readonly requestId: string | undefined;
  /** What is wrong with the request, each at its place. */
  readonly faults: readonly Fault[];

  constructor(status: number, body: unknown, requestId?: string) {
    const problem = (body && typeof body === 'object' ? body : {}) as Problem;
    super(sentenceOf(problem.detail) ?? `The server answered ${status}.`);
    this.status = status;
    this.code = problem.code ?? '';
    this.faults = faultsOf(problem.detail);
    this.requestId = problem.request_id ?? requestId;
  }
}

/** Something that is wrong with a request. */
export interface Fault {
  /** `['body', 'tools', 0, 'json_schema', 'name']` */
  readonly place: readonly (string | number)[];
  readonly says: string;
}

/** The error for a response that was refused. */
export async function refusal(response: Response): Promise<ApiError> {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // A proxy may answer in HTML. Its status says enough.
  }
  return new ApiError(response.status, body, response.headers.get('x-request-id') ?? undefined);
}

interface Problem {
  readonly detail?: unknown;
  readonly code?: string;
  readonly request_id?: string;
}

/** One sentence of a detail: a text, a list of faults with their places, or a vendor's error. */
function sentenceOf(detail: unknown): string | undefined {
  if (typeof detail === 'string') return detail;
  if (Array.isArray(detail)) {
    return detail
      .map(({ loc = [], msg }: { loc?: unknown[]; msg?: string }) => `${loc.join('.')}: ${msg}`)
      .join('\n');
  }
  if (detail && typeof detail === 'object' && 'message' in detail) return String(detail.message);
  return undefined;
}

function faultsOf(detail: unknown): readonly Fault[] {
  if (!Array.isArray(detail)) return [];
  return detail.map(({ loc = [], msg = '' }: { loc?: Fault['place']; msg?: string }) => ({
    place: loc,
    says: msg,
  }));
}
