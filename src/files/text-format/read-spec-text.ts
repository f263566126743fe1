import { modelDefaults } from '../../contract/kinds/model.ts';
import type { Fault } from '../../kernel/errors.ts';
import { clipText } from '../../kernel/text.ts';
import type { FileKind } from '../kind.ts';
import { readContent } from './content.ts';
import { plainTool } from './file-tools.ts';
import { normalizedText, splitText } from './front-matter.ts';
import type { TextFault } from './text-faults.ts';
import { readYaml } from './yaml-value.ts';

/** What a text says, before it is checked against the schema of its kind. */
export interface SpecText {
  /** The text to count lines and columns of faults in. */
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly faults: readonly TextFault[];
  /** False: the front matter cannot be parsed, so there is nothing to check against a schema. */
  readonly hasFields: boolean;
  /** The offset of a place in the spec: `['tools', 0, 'link']`. */
  readonly offsetOf: (loc: Fault['loc']) => number;
}

/** Reads as much of a text file as possible, and goes on after faults. */
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
    const msg = 'The template is given here and below the front matter. Give it once.';
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

/** The fields, with tools in the form of the API. */
function withApiTools(kind: FileKind, fields: Readonly<Record<string, unknown>>) {
  const { tools } = fields;
  const { text } = kind;
  return Array.isArray(tools) && text
    ? { ...fields, tools: tools.map((tool) => text.toApiTool(plainTool(tool))) }
    : fields;
}

function article(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'An' : 'A'} ${type}`;
}
