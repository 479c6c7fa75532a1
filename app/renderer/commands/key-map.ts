import { err, ok, type Result } from '../../engine/base/result.ts';
import type { DeskCommand } from './command-registry.ts';
import { isChord, reservedReason } from './key-chords.ts';
import { isControlChord } from './key-press.ts';
import { KEY_PRESETS, STANDARD } from './key-presets.ts';

/** Which keys do what: a preset, and what the trader changed. */
export interface KeyMap {
  readonly preset: string;
  /** Chords by command id, in place of those of the preset; none: the command has no key. */
  readonly changes: Readonly<Record<string, readonly string[]>>;
  /** Keys of order commands that send: `bindingKey` of each that the trader confirmed. All others that are not the command's own are dry runs. */
  readonly confirmed: readonly string[];
}

/** What of a command its keys depend on. */
export type KeyedCommand = Pick<DeskCommand, 'id' | 'title' | 'keys' | 'scope' | 'order'>;

/** Why a chord is not bound. */
export type BindRefusal =
  | { readonly code: 'KEY_UNUSABLE'; readonly message: string }
  /** Another command has it where this one works; it can be taken from there. */
  | { readonly code: 'KEY_TAKEN'; readonly message: string; readonly by: KeyedCommand };

/** The map of a new desk. */
export const STANDARD_MAP: KeyMap = { preset: STANDARD, changes: {}, confirmed: [] };

/** Commands that never go without a key. */
const ALWAYS_KEYED: ReadonlySet<string> = new Set(['trading.kill']);

/** True when a chord of one scope would also be pressed in the other. */
export function scopesMeet(one: string, other: string): boolean {
  return one === other || one === 'desk' || other === 'desk';
}

/** One binding of a command, as the list of confirmed ones names it. */
export function bindingKey(id: string, chord: string): string {
  return `${id} ${chord}`;
}

/** The chords of every command: the trader's changes first, then the preset, then the command's own. What an earlier one has where a later one works, the later one does without, so that no chord ever means two things; only a panel's own key may cover an own key of the desk there. */
export function resolveKeys(
  commands: readonly KeyedCommand[],
  map: KeyMap,
): ReadonlyMap<string, readonly string[]> {
  const wishes = commands.map((command) => wishOf(command, map));
  const taken = new Map<string, { readonly scope: string; readonly rank: number }[]>();
  const resolved = new Map<string, readonly string[]>();
  for (const wish of wishes.toSorted((left, right) => left.rank - right.rank)) {
    const { id, scope, rank } = wish;
    const kept: string[] = [];
    for (const chord of new Set(wish.chords)) {
      const holders = taken.get(chord) ?? [];
      const own = rank === OWN;
      const clash = holders.some((other) =>
        own && other.rank === OWN ? other.scope === scope : scopesMeet(other.scope, scope),
      );
      if (clash) continue;
      taken.set(chord, [...holders, { scope, rank }]);
      kept.push(chord);
    }
    resolved.set(id, kept);
  }
  return resolved;
}

/** Rank of what comes with a command, behind the preset and the changes. */
const OWN = 3;

interface Wish {
  readonly id: string;
  readonly scope: string;
  readonly rank: number;
  readonly chords: readonly string[];
}

function wishOf({ id, scope, keys }: KeyedCommand, map: KeyMap): Wish {
  const changed = Object.hasOwn(map.changes, id) ? map.changes[id] : undefined;
  if (ALWAYS_KEYED.has(id)) {
    const chords = changed === undefined || changed.length === 0 ? keys : changed;
    return { id, scope, rank: 0, chords };
  }
  if (changed !== undefined) return { id, scope, rank: 1, chords: changed };
  const preset = presetKeys(map);
  const given = Object.hasOwn(preset, id) ? preset[id] : undefined;
  if (given !== undefined) return { id, scope, rank: 2, chords: given };
  return { id, scope, rank: OWN, chords: keys };
}

/** True when a chord of a command does what it says: of an order command only its own keys and confirmed ones. */
export function isLive(command: KeyedCommand, chord: string, map: KeyMap): boolean {
  if (command.order === false || command.keys.includes(chord)) return true;
  return map.confirmed.includes(bindingKey(command.id, chord));
}

/** The map with `chord` as the only key of a command. With `take` it is taken from whoever has it. */
export function bindKey(
  commands: readonly KeyedCommand[],
  map: KeyMap,
  command: KeyedCommand,
  chord: string,
  take: boolean,
): Result<KeyMap, BindRefusal> {
  const unusable = unusableReason(command, chord);
  if (unusable !== undefined) {
    return err({ code: 'KEY_UNUSABLE', message: `${chord} cannot be bound: ${unusable}` });
  }
  const resolved = resolveKeys(commands, map);
  const holders = commands.filter(
    (other) =>
      other.id !== command.id &&
      scopesMeet(other.scope, command.scope) &&
      (resolved.get(other.id) ?? []).includes(chord),
  );
  const [by] = holders;
  if (by !== undefined && !take) {
    const message = `${chord} is "${by.title}" ${whereOf(by)}`;
    return err({ code: 'KEY_TAKEN', message, by });
  }
  const changes: Record<string, readonly string[]> = { ...map.changes, [command.id]: [chord] };
  for (const holder of holders) {
    const left = (resolved.get(holder.id) ?? []).filter((other) => other !== chord);
    if (left.length === 0 && ALWAYS_KEYED.has(holder.id)) {
      const message = `${chord} is the only key of "${holder.title}", which never goes without one`;
      return err({ code: 'KEY_UNUSABLE', message });
    }
    changes[holder.id] = left;
  }
  return ok(kept(commands, { ...map, changes }));
}

/** The map with a command that has no key. */
export function unbindKey(
  commands: readonly KeyedCommand[],
  map: KeyMap,
  command: KeyedCommand,
): Result<KeyMap, BindRefusal> {
  if (ALWAYS_KEYED.has(command.id)) {
    const message = `"${command.title}" never goes without a key`;
    return err({ code: 'KEY_UNUSABLE', message });
  }
  return ok(kept(commands, { ...map, changes: { ...map.changes, [command.id]: [] } }));
}

/** The map with a command as its preset has it. */
export function restoreKey(
  commands: readonly KeyedCommand[],
  map: KeyMap,
  { id }: KeyedCommand,
): KeyMap {
  const changes = Object.fromEntries(Object.entries(map.changes).filter(([other]) => other !== id));
  return kept(commands, { ...map, changes });
}

/** The map on another preset; what the trader changed stays changed. */
export function presetMap(commands: readonly KeyedCommand[], map: KeyMap, preset: string): KeyMap {
  return kept(commands, { ...map, preset });
}

/** The preset without the trader's changes. */
export function withoutChanges(commands: readonly KeyedCommand[], map: KeyMap): KeyMap {
  return kept(commands, { ...map, changes: {} });
}

/** The map with one key of an order command confirmed: it sends from now on. */
export function confirmKey(map: KeyMap, { id }: KeyedCommand, chord: string): KeyMap {
  const binding = bindingKey(id, chord);
  if (map.confirmed.includes(binding)) return map;
  return { ...map, confirmed: [...map.confirmed, binding] };
}

/** Where a command works, in words. */
export function whereOf({ scope }: Pick<KeyedCommand, 'scope'>): string {
  return scope === 'desk' ? 'anywhere' : `in the ${scope.replaceAll('-', ' ')}`;
}

/** Why a chord cannot be a command's; undefined when it can. */
export function unusableReason(
  { scope, order }: Pick<KeyedCommand, 'scope' | 'order'>,
  chord: string,
): string | undefined {
  if (!isChord(chord)) return 'it is no key that is told apart from others';
  const reserved = reservedReason(chord);
  if (reserved !== undefined) return reserved;
  if (order !== false && scope === 'desk' && !isControlChord(chord)) {
    return 'what sends from anywhere needs Ctrl, Alt with a letter, or a function key';
  }
  return undefined;
}

/** Forgets confirmations of keys that are bound no more: bound again they are dry runs again. Those of panels that are not open stay. */
function kept(commands: readonly KeyedCommand[], map: KeyMap): KeyMap {
  const resolved = resolveKeys(commands, map);
  const bound = new Set(
    commands.flatMap(({ id }) => (resolved.get(id) ?? []).map((chord) => bindingKey(id, chord))),
  );
  const open = new Set(commands.map(({ id }) => id));
  const confirmed = map.confirmed.filter(
    (binding) => bound.has(binding) || !open.has(binding.split(' ', 1)[0] ?? ''),
  );
  return { ...map, confirmed };
}

function presetKeys({ preset }: KeyMap): Readonly<Record<string, readonly string[]>> {
  return KEY_PRESETS.find(({ name }) => name === preset)?.keys ?? {};
}
