import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findNodeAtLocation, parseTree, type Node, type ParseError } from 'jsonc-parser';
import { settingsSchema, UNREADABLE_WAY, type Settings } from './schema.ts';

/** One thing wrong in the settings file; the key keeps its last good value. */
export interface SettingsProblem {
  readonly line: number;
  readonly key: string;
  readonly message: string;
}

/** What was read: always a full set of settings, with what had to be left out. */
export interface SettingsRead {
  readonly settings: Settings;
  readonly problems: readonly SettingsProblem[];
}

const MOST_BRACKETS = 1000;

/** Most of a wrong value that is told. */
const LONGEST_SEEN = 200;

type Plain = Record<string, unknown>;

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** The deepest node of the tree on the way to `path`, so that a missing or unknown key is named by its section's line. */
function nodeAt(tree: Node | undefined, path: readonly (string | number)[]): Node | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = tree && findNodeAtLocation(tree, path.slice(0, length));
    if (node !== undefined) return node;
  }
  return undefined;
}

/** The parser calls itself for each level of nesting; text with more opening brackets than any settings file has is not handed to it. */
function treeOf(text: string, errors: ParseError[]): Node | undefined {
  const opening = text.match(/[[{]/g)?.length ?? 0;
  return opening > MOST_BRACKETS
    ? undefined
    : parseTree(text, errors, { allowTrailingComma: true });
}

function valueOf(node: Node): unknown {
  if (node.type === 'object') {
    const entries = (node.children ?? []).map((property): [string, unknown] => {
      const [key, value] = property.children ?? [];
      return [String(key?.value), value === undefined ? undefined : valueOf(value)];
    });
    return Object.fromEntries(entries.filter(([key]) => key !== '__proto__'));
  }
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  return node.value;
}

function sectionKey(from: Plain, path: readonly PropertyKey[]): { holder: Plain; key: string } {
  const [section, key] = path;
  const inner = from[String(section)];
  if (key === undefined || !isPlain(inner)) return { holder: from, key: String(section) };
  return { holder: inner, key: String(key) };
}

/** Reads settings text (JSON with comments). A wrong key is named with its line and keeps the value of `lastGood`. */
export function parseSettings(text: string, lastGood: Settings): SettingsRead {
  const errors: ParseError[] = [];
  const tree = treeOf(text, errors);
  const [syntax] = errors;
  if (syntax !== undefined || tree?.type !== 'object') {
    const line = lineOf(text, syntax?.offset ?? 0);
    const message = 'is not JSON here; every setting keeps its last good value';
    return { settings: lastGood, problems: [{ line, key: '(file)', message }] };
  }
  const given = valueOf(tree);
  const candidate: Plain = isPlain(given) ? given : {};
  const problems: SettingsProblem[] = [];
  // Each round removes or replaces at least one offending key, so the rounds are bounded by the keys.
  for (;;) {
    const parsed = settingsSchema.safeParse(candidate);
    if (parsed.success) return { settings: parsed.data, problems };
    for (const issue of parsed.error.issues) {
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
      for (const name of unknown) {
        const path = name === undefined ? issue.path : [...issue.path, name];
        const line = lineOf(text, nodeAt(tree, path.map(String))?.offset ?? 0);
        const { holder, key } = sectionKey(candidate, path);
        const good = sectionKey({ ...lastGood }, path);
        const seen = withoutLogin(JSON.stringify(holder[key]));
        const kept = name === undefined ? good.holder[good.key] : undefined;
        const said = name === undefined ? issue.message : 'no setting has this name';
        problems.push({ line, key: path.map(String).join('.'), message: `${said}, was ${seen}` });
        if (kept === undefined) Reflect.deleteProperty(holder, key);
        else holder[key] = kept;
      }
    }
  }
}

/** A value as it may be told: what stands before the @ of an address may hold a password. */
function withoutLogin(seen: string | undefined): string {
  const told = String(seen)
    .split(/([\s"])/)
    .map((word) => {
      const [from, to] = [word.indexOf('//'), word.lastIndexOf('@')];
      return from >= 0 && from < to ? `${word.slice(0, from)}//…${word.slice(to)}` : word;
    })
    .join('');
  return told.length > LONGEST_SEEN ? `${told.slice(0, LONGEST_SEEN)}…` : told;
}

/** The settings of a start whose ways to the outside are not known: the default would go around a proxy that is wanted. */
function withoutWay(settings: Settings): Settings {
  const network = { ...settings.network, proxy: UNREADABLE_WAY, venues: [] };
  return { ...settings, network };
}

/** Reads `settings.json` of a data folder; a missing file means defaults. Without `lastGood`, ways to the outside that cannot be read lead nowhere. */
export function readSettings(dataFolder: string, lastGood?: Settings): SettingsRead {
  const defaults = settingsSchema.parse({});
  const base = lastGood ?? defaults;
  let text: string;
  try {
    text = readFileSync(join(dataFolder, 'settings.json'), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { settings: defaults, problems: [] };
    }
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    const settings = lastGood ?? withoutWay(base);
    return { settings, problems: [{ line: 0, key: '(file)', message }] };
  }
  const read = parseSettings(text, base);
  const unknown = read.problems.some(
    ({ key }) => key.startsWith('network') || (key === '(file)' && text.includes('"network"')),
  );
  if (lastGood !== undefined || !unknown) return read;
  return { ...read, settings: withoutWay(read.settings) };
}
