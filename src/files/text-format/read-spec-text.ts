import { modelDefaults } from '../../contract/kinds/model.ts';
import type { Fault } from '../../kernel/errors.ts';
import { clipText } from '../../kernel/text.ts';
import type { FileKind } from '../kind.ts';
import { readContent } from './content.ts';
import { normalizedText, splitText } from './front-matter.ts';
import type { TextFault } from './text-faults.ts';
import { readYaml } from './yaml-value.ts';

/** What a text says, before it is held against the schema of its kind. */
export interface SpecText {
  /** As the faults count its lines and columns. */
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly faults: readonly TextFault[];
  /** Whether the front matter was read at all, so that its fields can be held against a schema. */
  readonly hasFields: boolean;
  /** Where a place in the spec is in the text: `['tools', 0, 'link']`. */
  readonly offsetOf: (loc: Fault['loc']) => number;
}

/** Reads the text of a file as far as it can be read, going on after a fault where that is possible. */
export function readSpecText(kind: FileKind, given: string): SpecText {
  const text = normalizedText(given);
  const parts = splitText(text);
  if ('msg' in parts) {
    return { text, fields: {}, faults: [parts], hasFields: false, offsetOf: () => 0 };
  }
  const { frontMatter, frontMatterStart, content, contentStart } = parts;
  const yaml = readYaml(frontMatter);
  const { endpoint, template, ...others } = yaml.fields;
  const read = readContent(
    content,
    typeof endpoint === 'string' ? endpoint : modelDefaults.endpoint,
  );
  const inYaml = (offset: number) => frontMatterStart + offset;
  const inContent = (offset: number) => contentStart + offset;

  const unknown = Object.keys(others).filter((name) => !Object.hasOwn(kind.spec.properties, name));
  const faults = [
    ...moved(yaml.faults, inYaml),
    ...moved(read.faults, inContent),
    ...unknown.map((name) => ({
      offset: inYaml(yaml.offsetOf([name])),
      msg: `${article(kind.type)} has no field \`${clipText(name, 50)}\`.`,
    })),
  ];
  const isInContent = read.template !== undefined;
  if (isInContent && (template ?? null) !== null) {
    const msg = 'The template is here and in the content. Give one of the two.';
    faults.push({ offset: inYaml(yaml.offsetOf(['template'])), msg });
  }
  return {
    text,
    fields: withApiTools(kind, {
      ...yaml.fields,
      ...(isInContent && read.faults.length === 0 ? { template: read.template } : {}),
    }),
    faults,
    hasFields: yaml.faults.length === 0,
    offsetOf: (loc) =>
      loc[0] === 'template' && isInContent
        ? inContent(read.offsetOf(loc.slice(1)))
        : inYaml(yaml.offsetOf(loc)),
  };
}

function moved(faults: readonly TextFault[], place: (offset: number) => number): TextFault[] {
  return faults.map((fault) => ({ ...fault, offset: place(fault.offset) }));
}

/** The fields with tools as the API has them. */
function withApiTools(kind: FileKind, fields: Readonly<Record<string, unknown>>) {
  const { tools } = fields;
  return Array.isArray(tools) && kind.text
    ? { ...fields, tools: tools.map(kind.text.toApiTool) }
    : fields;
}

function article(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'An' : 'A'} ${type}`;
}
