import { withDoubles } from './exact-json.ts';
import { readPattern } from './foreign-pattern.ts';
import { isRecord, type JsonObject } from './json-object.ts';
import { inNewWords, namesOf, typesOf } from './schema-dialects.ts';

/** A JSON Schema by draft 2020-12, whatever it was written in. */
export interface MendedSchema {
  readonly schema: Schema;
  /** The words that could not be understood, each with its place: "`minimum` of `size`". */
  readonly leftOut: readonly string[];
}

type Schema = JsonObject;

/** Property names and the like, from the root to a part of a schema. */
type Place = readonly string[];

/** Schemas are read to this depth. */
const deepest = 100;

/**
 * Reads a JSON Schema as generators and people write them: in an old draft, in the words of OpenAPI
 * or of a programming language. What cannot be understood is left out by itself; the rest counts.
 * Words that nobody knows stay, since validators and vendors pass them over.
 */
export function mendedSchema(written: unknown): MendedSchema {
  const mending = new Mending(written);
  const schema = mending.schema(written, []);
  return { schema: typeof schema === 'boolean' ? {} : schema, leftOut: mending.leftOut };
}

class Mending {
  readonly leftOut: string[] = [];
  readonly #root: unknown;
  /** Names that a `$ref` may use instead of a path. */
  readonly #names = new Set<string>();
  /** All that a `$ref` says. */
  readonly #references = new Set<string>();
  /** Names that the mended schema has given. */
  readonly #given = new Set<string>();

  constructor(root: unknown) {
    this.#root = root;
    collectTexts(root, namings, this.#names);
    collectTexts(root, ['$ref', '$dynamicRef'], this.#references);
  }

  schema(written: unknown, place: Place): Schema | boolean {
    if (typeof written === 'boolean') return written;
    if (typeof written === 'string') return this.schema({ type: written }, place);
    if (!isRecord(written) || place.length > deepest) {
      this.#leaveOut('the schema', place);
      return {};
    }
    const words = Object.entries(inNewWords(written)).flatMap(([word, value]) => {
      // Within a part that has an address, paths would begin at that part. Few authors know that.
      if (word === '$id' && place.length > 0 && !this.#references.has(String(value))) return [];
      const mend = mendings.get(word);
      const kept = mend ? mend(value, place, this, word) : value;
      if (kept !== undefined) return [[word, kept] as const];
      if (value != null) this.#leaveOut(`\`${word}\``, place);
      return [];
    });
    // fromEntries defines keys, so a property called `__proto__` stays one.
    return Object.fromEntries(words);
  }

  schemas(written: unknown, place: Place): readonly unknown[] | undefined {
    const members = Array.isArray(written) ? written : [written];
    if (members.length === 0) return undefined;
    return members.map((member) => this.schema(member, place));
  }

  schemasByName(written: unknown, place: Place): Schema | undefined {
    // PHP writes an empty object as `[]`.
    if (Array.isArray(written) && written.length === 0) return {};
    if (!isRecord(written)) return undefined;
    return Object.fromEntries(
      Object.entries(written).map(([name, member]) => [
        name,
        this.schema(member, [...place, name]),
      ]),
    );
  }

  /** A pattern's schema is known by the pattern, which may have to be translated. */
  schemasByPattern(written: unknown, place: Place): Schema | undefined {
    const named = this.schemasByName(written, place);
    const entries = Object.entries(named ?? {}).flatMap(([name, member]) => {
      const pattern = patternOf(name);
      if (pattern === undefined) this.#leaveOut(`\`${name}\``, place);
      return pattern === undefined ? [] : [[pattern, member] as const];
    });
    return named && Object.fromEntries(entries);
  }

  dependencies(written: unknown, place: Place): Schema | undefined {
    if (!isRecord(written)) return undefined;
    const entries = Object.entries(written).map(
      ([name, needs]) => [name, namesOf(needs) ?? this.schema(needs, [...place, name])] as const,
    );
    return Object.fromEntries(entries);
  }

  /** The reference, if it leads somewhere. */
  reference(written: unknown): unknown {
    if (typeof written !== 'string') return undefined;
    const base = isRecord(this.#root) ? this.#root['$id'] : undefined;
    const local =
      typeof base === 'string' && written.startsWith(base) ? written.slice(base.length) : written;
    const leads =
      local === '' ||
      local === '#' ||
      this.#names.has(local.replace(/^#/, '')) ||
      (local.startsWith('#/') && valueAt(this.#root, local) !== undefined);
    return leads ? written : undefined;
  }

  /** A name of this schema, if no other has it: two of them would make every reference unclear. */
  name(written: unknown, isAllowed: (name: string) => boolean): unknown {
    if (typeof written !== 'string' || !isAllowed(written) || this.#given.has(written)) {
      return undefined;
    }
    this.#given.add(written);
    return written;
  }

  #leaveOut(what: string, place: Place): void {
    this.leftOut.push(place.length === 0 ? what : `${what} of \`${place.join('.')}\``);
  }
}

/** @returns undefined when the value says nothing that could be understood. */
type Mend = (value: unknown, place: Place, mending: Mending, word: string) => unknown;

const oneSchema: Mend = (value, place, mending, word) => mending.schema(value, [...place, word]);
const schemas: Mend = (value, place, mending, word) => mending.schemas(value, [...place, word]);
const schemasByName: Mend = (value, place, mending) => mending.schemasByName(value, place);
const reference: Mend = (value, _place, mending) => mending.reference(value);
const number: Mend = (value) => numberOf(value);
const count: Mend = (value) => {
  const counted = numberOf(value);
  return counted !== undefined && Number.isInteger(counted) && counted >= 0 ? counted : undefined;
};
const text: Mend = (value) => (typeof value === 'string' ? value : undefined);
const anchor: Mend = (value, _place, mending) =>
  mending.name(value, (name) => /^[a-z_][-a-z0-9._]*$/i.test(name));
const address: Mend = (value, _place, mending) =>
  mending.name(value, (name) => name !== '' && URL.canParse(name, 'https://schemas.example'));
/** OpenAPI's place for schemas that others refer to. */
const components: Mend = (value, place, mending) =>
  isRecord(value) && 'schemas' in value
    ? { ...value, schemas: mending.schemasByName(value['schemas'], place) }
    : value;

const mendings: ReadonlyMap<string, Mend> = new Map<string, Mend>([
  ['type', (value) => typesOf(value)],
  ['enum', (value) => (Array.isArray(value) && value.length > 0 ? value : undefined)],
  ['required', (value) => namesOf(value)],
  ['pattern', (value) => (typeof value === 'string' ? patternOf(value) : undefined)],
  ['multipleOf', (value) => ((numberOf(value) ?? 0) > 0 ? numberOf(value) : undefined)],
  ['uniqueItems', (value) => (typeof value === 'boolean' ? value : undefined)],
  ['patternProperties', (value, place, mending) => mending.schemasByPattern(value, place)],
  ['dependencies', (value, place, mending) => mending.dependencies(value, place)],
  ['dependentRequired', (value, place, mending) => mending.dependencies(value, place)],
  ['$id', address],
  ['components', components],
  ...each(['$anchor', '$dynamicAnchor'], anchor),
  ...each(['$ref', '$dynamicRef'], reference),
  ...each(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'], number),
  ...each(['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties'], count),
  ...each(['maxProperties', 'minContains', 'maxContains'], count),
  ...each(['format', 'title', 'description', '$comment'], text),
  ...each(['not', 'if', 'then', 'else', 'items', 'contains', 'propertyNames'], oneSchema),
  ...each(['additionalProperties', 'unevaluatedProperties', 'unevaluatedItems'], oneSchema),
  ...each(['allOf', 'anyOf', 'oneOf', 'prefixItems'], schemas),
  ...each(['properties', '$defs', 'definitions', 'dependentSchemas'], schemasByName),
]);

function each(words: readonly string[], mend: Mend): readonly (readonly [string, Mend])[] {
  return words.map((word) => [word, mend] as const);
}

function numberOf(written: unknown): number | undefined {
  const isText = typeof written === 'string' && written.trim() !== '';
  const value = isText ? Number(written) : withDoubles(written);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function patternOf(written: string): string | undefined {
  const pattern = readPattern(written);
  if (!pattern) return undefined;
  // `source` escapes slashes, so a pattern that is understood as it stands stays as it is.
  return pattern.source.replaceAll('\\/', '/') === written.replaceAll('\\/', '/')
    ? written
    : pattern.source;
}

/** What a JSON pointer such as `#/$defs/Order` leads to; undefined when nothing is there. */
export function valueAt(root: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => decoded(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, part) => (isRecord(value) || Array.isArray(value) ? Object(value)[part] : undefined),
      root,
    );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const namings = ['$id', 'id', '$anchor', '$dynamicAnchor'];

/** Collects the texts that members with certain names have, without a `#` at their beginning. */
function collectTexts(
  value: unknown,
  keys: readonly string[],
  texts: Set<string>,
  depth = 0,
): void {
  if (typeof value !== 'object' || value === null || depth > deepest) return;
  for (const [key, member] of Object.entries(value)) {
    if (typeof member === 'string' && keys.includes(key)) texts.add(member.replace(/^#/, ''));
    else collectTexts(member, keys, texts, depth + 1);
  }
}
