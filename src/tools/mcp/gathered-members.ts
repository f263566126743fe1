import { isRecord, type JsonObject } from '../../kernel/json-object.ts';
import { valueAt } from '../../kernel/mended-schema.ts';

/**
 * The members of an object that a schema describes by itself or in its parts: what it refers to, and
 * its variants. A member that parts describe differently may be any of that.
 *
 * @param root what references begin at.
 */
export function gatheredMembers(
  schema: JsonObject,
  root: JsonObject,
): { readonly properties: JsonObject; readonly required?: readonly string[] } {
  const { said, required } = new Gathering(root).membersOf(schema);
  const properties = [...said].map(([name, schemas]) => {
    const [first, ...others] = schemas.values();
    return [name, others.length === 0 ? first : { anyOf: [first, ...others] }] as const;
  });
  return {
    properties: Object.fromEntries(properties),
    ...(required.length > 0 ? { required } : {}),
  };
}

interface Members {
  /** What is said of each property: schemas by their JSON, so that each is there once. */
  readonly said: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  readonly required: readonly string[];
}

const none: Members = { said: new Map(), required: [] };

/** So many parts are read: parts of parts may be very many, although the schema is small. */
const mostParts = 1_000;

class Gathering {
  readonly #root: JsonObject;
  /** References that are being followed. What contains itself adds nothing. */
  readonly #open = new Set<string>();
  #left = mostParts;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  membersOf(schema: unknown): Members {
    if (!isRecord(schema) || this.#left === 0) return none;
    this.#left -= 1;
    const { $ref, allOf, anyOf, oneOf, properties, required } = schema;
    const all = [this.#referredTo($ref), ...this.#each(allOf)];
    const any = [this.#each(anyOf), this.#each(oneOf)];
    // What is required in every variant is required.
    const common = any.map(([first, ...others]) =>
      (first?.required ?? []).filter((name) =>
        others.every((other) => other.required.includes(name)),
      ),
    );
    const needed = [required ?? [], ...all.map((part) => part.required), ...common].flat();
    return {
      said: together([{ said: saidOf(properties) }, ...all, ...any.flat()]),
      required: [...new Set(needed.filter((name) => typeof name === 'string'))],
    };
  }

  #each(parts: unknown): readonly Members[] {
    return [parts ?? []].flat().map((part) => this.membersOf(part));
  }

  #referredTo(reference: unknown): Members {
    if (typeof reference !== 'string' || this.#open.has(reference)) return none;
    this.#open.add(reference);
    const members = this.membersOf(valueAt(this.#root, reference));
    this.#open.delete(reference);
    return members;
  }
}

function saidOf(properties: unknown): Members['said'] {
  const members = isRecord(properties) ? Object.entries(properties) : [];
  return new Map(
    members.map(([name, schema]) => [name, new Map([[JSON.stringify(schema), schema]])] as const),
  );
}

function together(parts: readonly Pick<Members, 'said'>[]): Members['said'] {
  const all = new Map<string, Map<string, unknown>>();
  for (const [name, schemas] of parts.flatMap(({ said }) => [...said])) {
    all.set(name, new Map([...(all.get(name) ?? []), ...schemas]));
  }
  return all;
}
