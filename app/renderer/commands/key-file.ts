import { err, ok, type Result } from '../../engine/base/result.ts';
import { reservedReason, isChord } from './key-chords.ts';
import {
  resolveKeys,
  STANDARD_MAP,
  unusableReason,
  whereOf,
  type KeyedCommand,
  type KeyMap,
} from './key-map.ts';
import { KEY_PRESETS } from './key-presets.ts';

/** Form of a key map as it is kept and exchanged. */
const FORM = 1;
const KIND = 'quarterdeck keys';
/** Bounds of what is taken: far beyond any map. */
const MOST_TEXT = 200_000;
const MOST_COMMANDS = 1000;
const MOST_CHORDS = 8;

/** A key map that cannot be taken. */
export interface KeyFileError {
  readonly code: 'KEYS_UNREADABLE' | 'KEYS_CLASH';
  readonly message: string;
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The part of the desk's document that keeps a map. */
export function keyPartOf({ preset, changes, confirmed }: KeyMap): { [key: string]: Json } {
  const own = Object.entries(changes).map(([id, chords]): [string, Json] => [id, [...chords]]);
  return { form: FORM, preset, changes: Object.fromEntries(own), confirmed: [...confirmed] };
}

/** The map among the parts of the desk's document: none is the standard one, a damaged one is refused. */
export function keyMapOf(parts: unknown): Result<KeyMap, KeyFileError> {
  const part = isRecord(parts) ? parts['keys'] : undefined;
  if (part === undefined) return ok(STANDARD_MAP);
  const read = readMap(part);
  if (!read.ok) return read;
  const confirmed = isRecord(part) ? part['confirmed'] : undefined;
  const texts = Array.isArray(confirmed)
    ? confirmed.filter((each) => typeof each === 'string')
    : [];
  return ok({ ...read.value, confirmed: texts });
}

/** A map as a file. What was confirmed is not in it: a key is confirmed by the hand that presses it. */
export function exportKeys({ preset, changes }: KeyMap): string {
  return `${JSON.stringify({ kind: KIND, form: FORM, preset, changes }, undefined, 2)}\n`;
}

/** The map of a file; nothing in it is confirmed, so its order keys are dry runs. */
export function importKeys(
  text: string,
  commands: readonly KeyedCommand[],
): Result<KeyMap, KeyFileError> {
  if (text.length > MOST_TEXT) return unreadable(`a key map is at most ${MOST_TEXT} characters`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return unreadable('the file is not JSON');
  }
  if (!isRecord(json) || json['kind'] !== KIND) {
    return unreadable(`kind must be "${KIND}", was ${shown(isRecord(json) ? json['kind'] : json)}`);
  }
  const read = readMap(json);
  if (!read.ok) return read;
  return unusableIn(read.value, commands) ?? clashIn(read.value, commands) ?? read;
}

function readMap(part: unknown): Result<KeyMap, KeyFileError> {
  if (!isRecord(part)) return unreadable('a key map must be an object');
  const { form, preset, changes } = part;
  if (form !== FORM) return unreadable(`form must be ${FORM}, was ${shown(form)}`);
  const names = KEY_PRESETS.map(({ name }) => name);
  if (typeof preset !== 'string' || !names.includes(preset)) {
    return unreadable(`preset must be one of ${names.join(', ')}, was ${shown(preset)}`);
  }
  if (!isRecord(changes)) return unreadable('changes must be an object');
  const entries = Object.entries(changes);
  if (entries.length > MOST_COMMANDS) return unreadable(`changes must be at most ${MOST_COMMANDS}`);
  const taken: [string, readonly string[]][] = [];
  for (const [id, chords] of entries) {
    if (!isChordList(chords)) {
      const expected = 'a list of keys such as "B", "Ctrl+K" or "F9"';
      return unreadable(`changes["${id}"] must be ${expected}, was ${shown(chords)}`);
    }
    taken.push([id, chords]);
  }
  return ok({ preset, changes: Object.fromEntries(taken), confirmed: [] });
}

function isChordList(value: unknown): value is readonly string[] {
  if (!Array.isArray(value) || value.length > MOST_CHORDS) return false;
  return value.every(
    (chord) => typeof chord === 'string' && isChord(chord) && reservedReason(chord) === undefined,
  );
}

/** A key in a file that its command cannot have. */
function unusableIn(
  { changes }: KeyMap,
  commands: readonly KeyedCommand[],
): Result<KeyMap, KeyFileError> | undefined {
  for (const command of commands) {
    for (const chord of changes[command.id] ?? []) {
      const why = unusableReason(command, chord);
      if (why !== undefined) return unreadable(`${chord} for "${command.title}": ${why}`);
    }
  }
  return undefined;
}

/** Two commands of a file that want one key in one place. */
function clashIn(
  map: KeyMap,
  commands: readonly KeyedCommand[],
): Result<KeyMap, KeyFileError> | undefined {
  const resolved = resolveKeys(commands, map);
  for (const command of commands) {
    const wanted = map.changes[command.id] ?? [];
    const lost = wanted.find((chord) => !(resolved.get(command.id) ?? []).includes(chord));
    if (lost === undefined) continue;
    const message = `${lost} is bound twice ${whereOf(command)}, once to "${command.title}"`;
    return err({ code: 'KEYS_CLASH', message });
  }
  return undefined;
}

function unreadable(message: string): Result<never, KeyFileError> {
  return err({ code: 'KEYS_UNREADABLE', message });
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  try {
    return JSON.stringify(value).slice(0, 60);
  } catch {
    return 'nested too deep';
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
