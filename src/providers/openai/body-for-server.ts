import type { EndpointQuirks } from '../../contract/custom-endpoints.ts';
import { isRecord } from '../../kernel/json-object.ts';
import { requestedSchema } from '../package-options.ts';
import type { ModelRequest } from '../provider.ts';

type Body = Readonly<Record<string, unknown>>;

/** The body of a request as a server takes it that is not OpenAI's. */
export function asServerTakesIt(
  made: object,
  request: ModelRequest,
  quirks: EndpointQuirks,
): object {
  const { stream_options: options, max_tokens: most, ...rest } = made as Body;
  const field = quirks.max_tokens_field ?? 'max_tokens';
  const format = responseFormat(request);
  const body: Body = {
    ...rest,
    model: request.model,
    ...(most === undefined ? {} : { [field]: most }),
    ...(format === undefined ? {} : { response_format: format }),
    ...(options === undefined || quirks.stream_options === false
      ? {}
      : { stream_options: options }),
  };
  return quirks.named_tool_choice === false ? withChoiceAsWord(body) : body;
}

/** OpenAI's own form, which these servers know; a name is required in it. */
function responseFormat(request: ModelRequest): object | undefined {
  const { responseFormat: format } = request;
  if (format === undefined) return undefined;
  const asked = requestedSchema(request);
  if (asked === undefined) return { type: 'json_object' };
  return { type: 'json_schema', json_schema: { ...asked, name: asked.name ?? 'response' } };
}

/** A choice of one function, said by offering no other. */
function withChoiceAsWord(body: Body): Body {
  const { tool_choice: choice, tools } = body;
  const chosen = isRecord(choice) ? choice['function'] : undefined;
  if (!isRecord(chosen) || !Array.isArray(tools)) return body;
  const only = tools.filter(({ function: tool }) => tool?.name === chosen['name']);
  return { ...body, tools: only, tool_choice: 'required' };
}
