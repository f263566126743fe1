import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type Scalar,
} from 'yaml';
import type { Fault } from '../../kernel/errors.ts';
import { exactNumber, jsonNumber } from '../../kernel/exact-number.ts';
import { clipText } from '../../kernel/text.ts';
import { mostTextFaults, type TextFault } from './text-faults.ts';
import { deepestYaml, readYamlDocument } from './yaml-document.ts';

/** Limits on aliases: how many, and how many values and characters they insert. */
const mostAliases = 100;
const mostFromAliases = 100_000;

/** A mapping that was read from YAML, as JSON data. */
export interface YamlMapping {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly faults: readonly TextFault[];
  /**
   * The offset of a member: its key, or its item in a list. Missing steps are skipped, so a missing
   * member has the offset of the object that should have it.
   */
  readonly offsetOf: (loc: Fault['loc']) => number;
}

/** Reads a mapping from YAML. Whatever is no valid JSON data, or cannot be stored, is a fault. */
export function readYaml(source: string): YamlMapping {
  const { document, faults } = readYamlDocument(source);
  const nothing = { fields: {}, offsetOf: () => 0 };
  const root: unknown = document?.contents;
  if (!document || faults.length > 0) return { ...nothing, faults };
  if (isScalar(root) && root.value === null) return { ...nothing, faults };
  if (!isMap(root)) {
    const msg = 'The front matter must consist of fields, such as `model: gpt-4o`.';
    return { ...nothing, faults: [{ offset: startOffset(root), msg }] };
  }
  const reader = valueReader(document);
  const fields = reader.readNode(root) as Record<string, unknown>;
  return { fields, faults: reader.faults, offsetOf: (loc) => offsetIn(document, loc) };
}

function valueReader(document: Document) {
  const faults: TextFault[] = [];
  let aliases = 0;
  let fromAliases = 0;
  let isInAlias = false;

  function refuse(node: unknown, msg: string): void {
    if (faults.length < mostTextFaults) faults.push({ offset: startOffset(node), msg });
  }

  function readNode(node: unknown, depth = 0): unknown {
    if (isInAlias) fromAliases += isScalar(node) ? 1 + String(node.value).length : 1;
    if (fromAliases > mostFromAliases) return null;
    if (isAlias(node)) return readAlias(node, depth);
    if (isScalar(node)) return checkedScalar(node);
    if (depth > deepestYaml) {
      refuse(node, 'This is nested too deeply.');
      return null;
    }
    if (isSeq(node)) return node.items.map((item) => readNode(item, depth + 1));
    if (isMap(node)) return readMap(node.items, depth);
    return null;
  }

  function readMap(pairs: readonly Pair[], depth: number): Record<string, unknown> {
    const members = new Map<string, unknown>();
    for (const pair of pairs) {
      const name = fieldName(pair.key);
      if (name === undefined) refuse(pair.key, 'A key must be text.');
      else if (name === '__proto__') refuse(pair.key, 'A field cannot be named `__proto__`.');
      else if (members.has(name)) {
        refuse(pair.key, `There are two fields named \`${clipText(name, 50)}\` here.`);
      } else {
        checkText(pair.key, name);
        members.set(name, readNode(pair.value, depth + 1));
      }
    }
    return Object.fromEntries(members);
  }

  function readAlias(alias: Alias, depth: number): unknown {
    const target = alias.resolve(document);
    aliases += 1;
    if (target === undefined) {
      refuse(alias, 'This alias refers to an anchor that is not defined above it.');
      return null;
    }
    const wasInAlias = isInAlias;
    isInAlias = true;
    const value = aliases > mostAliases ? null : readNode(target, depth + 1);
    isInAlias = wasInAlias;
    const isTooMuch = aliases > mostAliases || fromAliases > mostFromAliases;
    if (isTooMuch && !wasInAlias)
      refuse(alias, 'The aliases up to here expand to too much content.');
    return value;
  }

  function checkedScalar(node: Scalar): unknown {
    const { value, source = '' } = node;
    if (typeof value === 'string') checkText(node, value);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      refuse(node, 'This number cannot be stored.');
    }
    const isAsInJson = typeof value === 'number' && jsonNumber.test(source);
    return isAsInJson ? (exactNumber(source) ?? value) : value;
  }

  function checkText(node: unknown, text: string): void {
    if (text.includes('\0')) refuse(node, 'Contains a NUL character, which cannot be stored.');
    else if (!text.isWellFormed()) {
      refuse(node, 'Contains half of a surrogate pair, which is not a character.');
    }
  }

  return { faults, readNode };
}

/** The name of a field: a text, or the source of another plain scalar. */
function fieldName(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  if (typeof key.value === 'string') return key.value;
  return key.source === '' ? undefined : key.source;
}

function offsetIn(document: Document.Parsed, loc: Fault['loc']): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of loc) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => fieldName(key) === String(step));
      if (!pair) continue;
      offset = startOffset(pair.key);
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number' && node.items[step] !== undefined) {
      node = node.items[step];
      offset = startOffset(node);
    }
  }
  return offset;
}

function startOffset(node: unknown): number {
  const range = (node as { readonly range?: readonly number[] | null } | null)?.range;
  return range?.[0] ?? 0;
}
