import { withDoubles } from '../../kernel/exact-json.ts';
import { isRecord } from '../../kernel/json-object.ts';
import { mentions } from './mentions.ts';
import type { UserWords } from './user-words.ts';

/**
 * A value that fits a JSON schema, filled from the user's words: the arguments of a tool call, or
 * an answer in JSON.
 *
 * The rules are in `docs/mock-provider.md`. The n-th number of the value is the n-th number that
 * the user wrote, and likewise for texts. `$ref` is not followed.
 *
 * @param name the name of the value; it replaces a text that the user did not give.
 */
export function valueFromSchema(schema: unknown, name: string, words: UserWords): unknown {
  return new Filler(words).value(schema, name, 0);
}

/**
 * The arguments of a call as JSON text.
 *
 * @param parameters the JSON schema of the tool's parameters.
 */
export function argumentsFromSchema(parameters: unknown, words: UserWords): string {
  const schema = withDoubles(parameters);
  return JSON.stringify(new Filler(words).object(isRecord(schema) ? schema : {}, 0));
}

type Schema = Readonly<Record<string, unknown>>;

const maxDepth = 8;
// Limits the items of a list. Nested lists multiply: the most items are this number to the power of
// the depth.
const maxItems = 3;

/**
 * So many characters are looked through for members of enums: all of them in all of a text would be
 * seconds of the event loop.
 */
const mostLooked = 20_000_000;

class Filler {
  readonly #words: UserWords;
  #looked = 0;
  readonly #numbers: Iterator<number>;
  readonly #quotes: Iterator<string>;
  readonly #codes: Iterator<string>;

  constructor(words: UserWords) {
    this.#words = words;
    this.#numbers = words.numbers.values();
    this.#quotes = words.quotes.values();
    this.#codes = words.codes.values();
  }

  value(schema: unknown, name: string, depth: number): unknown {
    if (!isRecord(schema)) return name;
    if (schema['const'] !== undefined) return schema['const'];
    const given = this.#given(schema);
    if (given !== undefined) return given;
    const alternative = firstAlternative(schema);
    if (alternative !== undefined && depth < maxDepth) {
      return this.value(alternative, name, depth + 1);
    }
    switch (firstType(schema)) {
      case 'object':
        return this.object(schema, depth);
      case 'array':
        return this.#array(schema, name, depth);
      case 'integer':
      case 'number':
        return this.#number(schema);
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        return this.#string(schema, name);
    }
  }

  object(schema: Schema, depth: number): Record<string, unknown> {
    const properties = isRecord(schema['properties']) ? schema['properties'] : {};
    const required = Array.isArray(schema['required'])
      ? schema['required'].filter((name) => typeof name === 'string')
      : [];
    if (depth >= maxDepth) return {};
    const names = required.length > 0 ? [...new Set(required)] : Object.keys(properties);
    // Not assigned one by one: a property may be named `__proto__`.
    return Object.fromEntries(
      names.map((name) => {
        const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
        return [name, this.value(property, name, depth + 1)];
      }),
    );
  }

  /**
   * A value that the schema offers: an enum member that the user mentioned, the default, an
   * example.
   */
  #given(schema: Schema): unknown {
    const options = Array.isArray(schema['enum']) ? schema['enum'] : [];
    const { text, numbers } = this.#words;
    const mentioned = options.find((option) =>
      typeof option === 'string' ? this.#mentions(text, option) : numbers.includes(option),
    );
    const examples = Array.isArray(schema['examples']) ? schema['examples'] : [];
    return [mentioned, schema['default'], options[0], examples[0]].find(
      (value) => value !== undefined,
    );
  }

  #mentions(text: string, option: string): boolean {
    this.#looked += text.length;
    return this.#looked <= mostLooked && mentions(text, option);
  }

  #array(schema: Schema, name: string, depth: number): unknown[] {
    if (depth >= maxDepth) return [];
    const least = typeof schema['minItems'] === 'number' ? schema['minItems'] : 1;
    const length = Math.min(Math.max(least, 1), maxItems);
    return Array.from({ length }, () => this.value(schema['items'], name, depth + 1));
  }

  #number(schema: Schema): number {
    const isWhole = firstType(schema) === 'integer';
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
    const least = numberOr(minimum, Number.NEGATIVE_INFINITY);
    const most = numberOr(maximum, Number.POSITIVE_INFINITY);
    const above = numberOr(exclusiveMinimum, Number.NEGATIVE_INFINITY);
    const below = numberOr(exclusiveMaximum, Number.POSITIVE_INFINITY);
    const said = this.#numbers.next().value ?? Number.NaN;
    const fits = (number: number): boolean =>
      number >= least &&
      number <= most &&
      number > above &&
      number < below &&
      (isWhole ? Number.isInteger(number) : Number.isFinite(number));
    const middle = (Math.max(least, above) + Math.min(most, below)) / 2;
    const candidates = [said, Math.trunc(said), least, 1, above + 1, most, below - 1, middle];
    return candidates.find(fits) ?? Math.ceil(Number.isFinite(least) ? least : 1);
  }

  #string(schema: Schema, name: string): string {
    const said = this.#quotes.next().value ?? this.#codes.next().value ?? name;
    const { minLength, maxLength } = schema;
    const long =
      typeof minLength === 'number' ? said.padEnd(Math.min(minLength, 1_000), '.') : said;
    return typeof maxLength === 'number' ? long.slice(0, Math.max(maxLength, 0)) : long;
  }
}

function firstType(schema: Schema): unknown {
  const { type } = schema;
  if (Array.isArray(type)) return type.find((one) => one !== 'null') ?? 'null';
  if (type !== undefined) return type;
  if (schema['properties'] !== undefined) return 'object';
  return schema['items'] === undefined ? 'string' : 'array';
}

/** The first member of a union that is not `null`. */
function firstAlternative(schema: Schema): unknown {
  const members = schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf'];
  if (!Array.isArray(members)) return undefined;
  return members.find((member) => isRecord(member) && member['type'] !== 'null') ?? members[0];
}

function numberOr(bound: unknown, none: number): number {
  return typeof bound === 'number' ? bound : none;
}
