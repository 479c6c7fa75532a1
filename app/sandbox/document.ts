import { getNodeValue, parseTree, type Node, type ParseError } from 'jsonc-parser';
import { err, ok, type Result } from '../engine/base/result.ts';

/** Longest text that is looked at. */
const LONGEST = 1_000_000;
/** How much of a wrong value is repeated. */
const MOST_SEEN = 60;

/** A text a person wrote and where it came from, for messages. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** What is wrong with a document, one line each: `file:line field value, expected …`. */
export type Problems = readonly string[];

/** A field of an object in a document. */
export interface Property {
  readonly name: string;
  readonly key: Node;
  readonly value: Node;
}

/** One problem with what stands at `node`. */
export function problemAt(source: Source, node: Node, field: string, expected: string): string {
  const line = source.text.slice(0, node.offset).split('\n').length;
  const seen = source.text.slice(node.offset, node.offset + Math.min(node.length, MOST_SEEN));
  return `${source.name}:${line} ${field} ${seen}, expected ${expected}`;
}

/** Parses JSON (comments allowed); `shape` says what was expected where there is none. */
export function parseDocument(source: Source, shape: string): Result<Node, Problems> {
  const errors: ParseError[] = [];
  const tree = source.text.length > LONGEST ? undefined : parseTree(source.text, errors);
  const [syntax] = errors;
  if (tree !== undefined && syntax === undefined) return ok(tree);
  const line = source.text.slice(0, syntax?.offset ?? 0).split('\n').length;
  return err([`${source.name}:${line} (file) is not JSON here, expected ${shape}`]);
}

/** The fields of an object, in the order they stand; none of anything else. */
export function propertiesOf(node: Node): readonly Property[] {
  if (node.type !== 'object') return [];
  return (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key === undefined || value === undefined ? [] : [{ name: String(key.value), key, value }],
  );
}

/** What a node stands for, as plain data. */
export function valueOf(node: Node): unknown {
  return getNodeValue(node) as unknown;
}
