import type { FileKind } from '../api/types.ts';
import { type Fact, group, isRecord, json, records, text, value } from './fact.ts';
import { resultFacts, toolFacts } from './tool-facts.ts';

/** The fields that define a version, by the names that the API has for them. */
export type Spec = Readonly<Record<string, unknown>>;

/** A part of a version, under a heading. */
export interface SpecSection {
  readonly name: string;
  readonly facts: (spec: Spec) => readonly Fact[];
}

const attributes: SpecSection = {
  name: 'Attributes',
  facts: (spec) => members(spec['attributes']),
};

const model: readonly SpecSection[] = [
  {
    name: 'Model',
    facts: (spec) => [
      ...value('Provider', spec['provider']),
      ...value('Model', spec['model']),
      ...value('Endpoint', spec['endpoint']),
      ...records(isRecord(spec['other']) ? spec['other']['fallbacks'] : []).flatMap((one, index) =>
        json(`Fallback ${index + 1}`, one),
      ),
    ],
  },
  {
    name: 'Parameters',
    facts: (spec) => [
      ...value('Temperature', spec['temperature']),
      ...value('Most tokens', spec['max_tokens']),
      ...value('Top p', spec['top_p']),
      ...json('Stop', spec['stop']),
      ...value('Presence penalty', spec['presence_penalty']),
      ...value('Frequency penalty', spec['frequency_penalty']),
      ...value('Seed', spec['seed']),
      ...json('Reasoning effort', spec['reasoning_effort']),
      ...json('Response format', spec['response_format']),
      ...value('Max iterations', spec['max_iterations']),
      ...members(spec['other'], ['fallbacks']),
    ],
  },
  {
    name: 'Instructions',
    facts: (spec) => [
      ...value('Template language', spec['template_language']),
      ...templateFacts(spec['template']),
    ],
  },
];

const tools: SpecSection = {
  name: 'Tools',
  facts: (spec) => [
    ...records(spec['tools']).flatMap(toolFacts),
    ...records(spec['linked_tools']).flatMap((tool) => toolFacts({ ...tool, type: 'linked' })),
  ],
};

/** What the versions of each kind consist of, in the order in which a person asks for it. */
const sections: Readonly<Record<FileKind, readonly SpecSection[]>> = {
  agent: [...model, tools, attributes],
  prompt: [...model, tools, attributes],
  tool: [
    { name: 'Tool', facts: (spec) => value('Type', spec['tool_type']) },
    {
      name: 'Function',
      facts: ({ function: given }) => (isRecord(given) ? functionFacts(given) : []),
    },
    { name: 'Result', facts: (spec) => resultFacts(spec) },
    { name: 'Code', facts: (spec) => text('Source code', spec['source_code'], 'code') },
    { name: 'Set-up values', facts: (spec) => members(spec['setup_values']) },
    attributes,
  ],
  flow: [attributes],
  evaluator: [
    { name: 'Evaluator', facts: ({ spec }) => members(spec, ['code', 'prompt', 'instructions']) },
    {
      name: 'Code',
      facts: ({ spec }) => (isRecord(spec) ? text('Code', spec['code'], 'code') : []),
    },
    {
      name: 'Instructions',
      facts: ({ spec }) => (isRecord(spec) ? text('Instructions', spec['instructions']) : []),
    },
    ...model.map(({ name, facts }) => ({
      name: `${name} of its prompt`,
      facts: ({ spec }: Spec) =>
        isRecord(spec) && isRecord(spec['prompt']) ? facts(spec['prompt']) : [],
    })),
  ],
  dataset: [attributes],
};

/** The parts of a kind's versions. */
export function sectionsOf(kind: FileKind): readonly SpecSection[] {
  return sections[kind];
}

/** A template: its text, or each of its messages under the role that says it. */
function templateFacts(template: unknown): readonly Fact[] {
  if (typeof template === 'string') return text('Template', template);
  const seen = new Map<string, number>();
  return records(template).flatMap(({ role, content, ...rest }) => {
    const name = titled(String(role));
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    const place = number === 1 ? name : `${name} ${number}`;
    const others = Object.entries(rest).filter(([, one]) => one !== null);
    return [
      ...text(place, saidIn(content)),
      ...group(
        `${place}, besides its text`,
        others.flatMap(([member, one]) => json(member, one)),
      ),
    ];
  });
}

/** What a message says; of parts that are no text, which they are. */
function saidIn(content: unknown): string {
  if (typeof content === 'string') return content;
  return records(content)
    .map((part) => (typeof part['text'] === 'string' ? part['text'] : JSON.stringify(part)))
    .join('\n');
}

function functionFacts(given: Spec): readonly Fact[] {
  return toolFacts({ type: 'inline', json_schema: given }).flatMap((fact) =>
    fact.type === 'group' ? [...value('Name', given['name']), ...fact.facts] : [fact],
  );
}

function members(given: unknown, without: readonly string[] = []): readonly Fact[] {
  if (!isRecord(given)) return [];
  return Object.entries(given)
    .filter(([name, one]) => !without.includes(name) && one !== null)
    .flatMap(([name, one]) => json(titled(name.replaceAll('_', ' ')), one));
}

function titled(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
