import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CommandRegistry, type DeskCommand, type OrderCommand } from './command-registry.ts';
import { isChord, reservedReason } from './key-chords.ts';
import { exportKeys, importKeys, keyMapOf, keyPartOf } from './key-file.ts';
import {
  bindKey,
  confirmKey,
  isLive,
  presetMap,
  resolveKeys,
  restoreKey,
  STANDARD_MAP,
  unbindKey,
  withoutChanges,
  type KeyMap,
} from './key-map.ts';
import { KEY_PRESETS } from './key-presets.ts';
import { sends } from './order-plan.ts';

const view = (id: string, keys: string[], scope: string): DeskCommand => ({
  id,
  title: id,
  keys,
  scope,
  order: false,
  run: () => undefined,
});
const order = (
  id: string,
  keys: string[],
  scope: string,
  kind: OrderCommand['order'] = 'enters',
): OrderCommand => ({
  id,
  title: id,
  keys,
  scope,
  order: kind,
  plan: () => sends([{ lock: id, command: { type: 'Arm' }, refused: '' }], ''),
});

const KILL = view('trading.kill', ['Ctrl+Shift+K'], 'desk');
const BUY = order('ladder.buy', ['B'], 'ladder');
const SELL = order('ladder.sell', ['S'], 'ladder');
const COMMANDS: readonly DeskCommand[] = [
  KILL,
  view('line', ['Ctrl+K', '/'], 'desk'),
  view('ask', ['Alt+Q'], 'desk'),
  order('flatten', ['Ctrl+Shift+F'], 'desk', 'reduces'),
  BUY,
  SELL,
  order('ladder.join-bid', ['J'], 'ladder'),
  view('ladder.centre', ['C', 'Space'], 'ladder'),
  view('ticket.quantity', ['Alt+Q'], 'ticket'),
  view('log.pause', ['P'], 'log'),
];

function must(command: DeskCommand, map: KeyMap, chord: string, take = false): KeyMap {
  const bound = bindKey(COMMANDS, map, command, chord, take);
  if (!bound.ok) throw new Error(bound.error.message);
  return bound.value;
}

describe('binding a key', () => {
  test('a taken key is refused with who has it and where, and can be taken', () => {
    const refused = bindKey(COMMANDS, STANDARD_MAP, BUY, 'S', false);
    expect(refused.ok || refused.error).toMatchObject({
      code: 'KEY_TAKEN',
      message: 'S is "ladder.sell" in the ladder',
    });
    const chords = resolveKeys(COMMANDS, must(BUY, STANDARD_MAP, 'S', true));
    expect([chords.get(BUY.id), chords.get(SELL.id)]).toEqual([['S'], []]);
  });

  test('a key that works anywhere is taken in every panel, one of another panel is free', () => {
    const anywhere = bindKey(COMMANDS, STANDARD_MAP, BUY, 'Ctrl+K', false);
    expect(anywhere.ok || anywhere.error.message).toMatch(/"line" anywhere/);
    expect(bindKey(COMMANDS, STANDARD_MAP, BUY, 'P', false).ok).toBe(true);
  });

  test.each([
    ['Ctrl+W', /closes the tab/],
    ['F5', /loads the page anew/],
    ['Tab', /moves the focus/],
    ['Enter', /confirms/],
    ['Dead', /told apart/],
  ])('%s is refused in words', (chord, words) => {
    const refused = bindKey(COMMANDS, STANDARD_MAP, BUY, chord, true);
    expect(refused.ok || refused.error.message).toMatch(words);
  });

  test('what sends from anywhere has no bare letter', () => {
    const [flatten] = COMMANDS.filter(({ id }) => id === 'flatten');
    if (flatten === undefined) throw new Error('no flatten');
    expect(bindKey(COMMANDS, STANDARD_MAP, flatten, 'X', false).ok).toBe(false);
    expect(bindKey(COMMANDS, STANDARD_MAP, flatten, 'F9', false).ok).toBe(true);
  });

  test('the kill switch keeps a key, whatever a map says', () => {
    expect(unbindKey(COMMANDS, STANDARD_MAP, KILL).ok).toBe(false);
    expect(bindKey(COMMANDS, STANDARD_MAP, BUY, 'Ctrl+Shift+K', true).ok).toBe(false);
    const forged = { [KILL.id]: [], [BUY.id]: ['Ctrl+Shift+K'] };
    const chords = resolveKeys(COMMANDS, { ...STANDARD_MAP, changes: forged });
    expect([chords.get(KILL.id), chords.get(BUY.id)]).toEqual([['Ctrl+Shift+K'], []]);
  });
});

describe('dry run', () => {
  test('own keys of an order command send; others only once confirmed, and anew when bound again', () => {
    expect(isLive(BUY, 'B', STANDARD_MAP)).toBe(true);
    const bound = must(BUY, STANDARD_MAP, 'X');
    expect(isLive(BUY, 'X', bound)).toBe(false);
    const confirmed = confirmKey(bound, BUY, 'X');
    expect(isLive(BUY, 'X', confirmed)).toBe(true);
    const again = must(BUY, must(BUY, confirmed, 'Y'), 'X');
    expect(isLive(BUY, 'X', again)).toBe(false);
  });

  test('a change in a window without the panel leaves what was confirmed there', () => {
    const confirmed = confirmKey(must(BUY, STANDARD_MAP, 'X'), BUY, 'X');
    const elsewhere = COMMANDS.filter(({ scope }) => scope !== 'ladder');
    expect(isLive(BUY, 'X', presetMap(elsewhere, confirmed, 'functions'))).toBe(true);
    expect(isLive(BUY, 'X', withoutChanges(COMMANDS, confirmed))).toBe(false);
  });

  test('a preset and a file bring dry runs only', () => {
    const letters = presetMap(COMMANDS, STANDARD_MAP, 'letters');
    expect(resolveKeys(COMMANDS, letters).get(BUY.id)).toEqual(['F']);
    expect(isLive(BUY, 'F', letters)).toBe(false);
    const file = exportKeys(confirmKey(must(BUY, STANDARD_MAP, 'X'), BUY, 'X'));
    const read = importKeys(file, COMMANDS);
    expect(read.ok && isLive(BUY, 'X', read.value)).toBe(false);
    expect(read.ok && resolveKeys(COMMANDS, read.value).get(BUY.id)).toEqual(['X']);
  });
});

describe('maps as data', () => {
  test.each([
    ['nonsense', /not JSON/],
    ['{}', /kind must be/],
    ['{"kind":"quarterdeck keys","form":2}', /form must be 1, was 2/],
    ['{"kind":"quarterdeck keys","form":1,"preset":"x","changes":{}}', /preset must be one of/],
    [
      '{"kind":"quarterdeck keys","form":1,"preset":"standard","changes":{"a":["Ctrl+W"]}}',
      /changes\["a"\] must be/,
    ],
    [
      '{"kind":"quarterdeck keys","form":1,"preset":"standard","changes":{"flatten":["X"]}}',
      /X for "flatten"/,
    ],
    [
      '{"kind":"quarterdeck keys","form":1,"preset":"standard","changes":{"ladder.buy":["X"],"ladder.sell":["X"]}}',
      /X is bound twice in the ladder/,
    ],
  ])('%s is refused', (text, words) => {
    const read = importKeys(text, COMMANDS);
    expect(read.ok || read.error.message).toMatch(words);
  });

  test('a document keeps a map as it is, with what was confirmed', () => {
    const map = confirmKey(must(BUY, STANDARD_MAP, 'X'), BUY, 'X');
    const document = JSON.parse(JSON.stringify({ keys: keyPartOf(map) })) as unknown;
    expect(keyMapOf(document)).toEqual({ ok: true, value: map });
    expect(keyMapOf(null)).toEqual({ ok: true, value: STANDARD_MAP });
    expect(keyMapOf({ keys: { form: 1, preset: 'gone' } }).ok).toBe(false);
  });

  test('own keys of a panel may cover one of the desk there', () => {
    const chords = resolveKeys(COMMANDS, STANDARD_MAP);
    expect([chords.get('ask'), chords.get('ticket.quantity')]).toEqual([['Alt+Q'], ['Alt+Q']]);
  });

  test('every chord of a preset can be bound', () => {
    for (const { keys } of KEY_PRESETS) {
      for (const chord of Object.values(keys).flat()) {
        expect([chord, isChord(chord), reservedReason(chord)]).toEqual([chord, true, undefined]);
      }
    }
  });
});

const chord = fc.constantFrom(
  'B',
  'S',
  'J',
  'X',
  'F9',
  'Ctrl+K',
  'Ctrl+Shift+K',
  'Alt+Q',
  'Ctrl+W',
  '/',
);
const step = fc.record({
  kind: fc.constantFrom(
    'bind',
    'take',
    'unbind',
    'restore',
    'preset',
    'discard',
    'confirm',
    'file',
  ),
  at: fc.nat(COMMANDS.length - 1),
  chord,
  preset: fc.constantFrom(...KEY_PRESETS.map(({ name }) => name)),
});

function applied(map: KeyMap, one: typeof step extends fc.Arbitrary<infer T> ? T : never): KeyMap {
  const command = COMMANDS[one.at] ?? BUY;
  const taken = (result: ReturnType<typeof unbindKey>): KeyMap => (result.ok ? result.value : map);
  switch (one.kind) {
    case 'bind':
    case 'take':
      return taken(bindKey(COMMANDS, map, command, one.chord, one.kind === 'take'));
    case 'unbind':
      return taken(unbindKey(COMMANDS, map, command));
    case 'restore':
      return restoreKey(COMMANDS, map, command);
    case 'preset':
      return presetMap(COMMANDS, map, one.preset);
    case 'discard':
      return withoutChanges(COMMANDS, map);
    case 'confirm':
      return confirmKey(map, command, one.chord);
    default: {
      const read = importKeys(exportKeys(map), COMMANDS);
      return read.ok ? read.value : map;
    }
  }
}

test('no sequence of changes leaves two commands on one chord in a scope, or the kill switch without one', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const map = steps.reduce(applied, STANDARD_MAP);
      const chords = resolveKeys(COMMANDS, map);
      const held = new Set<string>();
      for (const { id, scope } of COMMANDS) {
        for (const one of chords.get(id) ?? []) {
          expect(held.has(`${scope} ${one}`), `${one} in ${scope}`).toBe(false);
          held.add(`${scope} ${one}`);
        }
      }
      expect(chords.get(KILL.id)?.length).toBeGreaterThan(0);
      expect(resolveKeys(COMMANDS.toReversed(), map).get(KILL.id)).toEqual(chords.get(KILL.id));
    }),
  );
});

test('whatever a map says, its command keeps at most what no other has there', () => {
  const changes = fc.dictionary(fc.constantFrom(...COMMANDS.map(({ id }) => id)), fc.array(chord));
  fc.assert(
    fc.property(changes, (forged) => {
      const chords = resolveKeys(COMMANDS, { ...STANDARD_MAP, changes: forged });
      const seen = COMMANDS.flatMap(({ id, scope }) =>
        (chords.get(id) ?? []).map((one) => `${scope} ${one}`),
      );
      expect(new Set(seen).size).toBe(seen.length);
    }),
  );
});

const stroke = fc.record({
  key: fc.constantFrom('b', 's', 'x'),
  type: fc.constantFrom('down', 'repeat', 'up', 'blur'),
  inTextField: fc.boolean(),
});

test('a held key sends at most one order, and a key that is a dry run none', () => {
  fc.assert(
    fc.property(fc.array(stroke, { maxLength: 60 }), (strokes) => {
      let sent = 0;
      const registry = new CommandRegistry(() => (sent += 1));
      let dry = 0;
      registry.dryRuns.add(() => (dry += 1));
      registry.register(COMMANDS);
      registry.bindings.setMap(must(SELL, STANDARD_MAP, 'X'));
      const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
      const down = new Set<string>();
      let most = 0;
      let mostDry = 0;
      for (const { key, type, inTextField } of strokes) {
        const place = { panel: 'ladder', inTextField, inDialog: false };
        if (type === 'blur') registry.releaseAll();
        if (type === 'up') registry.release({ key, code: '' });
        if (type === 'blur') down.clear();
        if (type === 'up') down.delete(key);
        if (type !== 'down' && type !== 'repeat') continue;
        const first = type === 'down' && !down.has(key);
        if (type === 'down') down.add(key);
        if (first && !inTextField && key === 'b') most += 1;
        if (first && !inTextField && key === 'x') mostDry += 1;
        registry.press({ key, code: '', ...none, repeat: type === 'repeat' }, place);
      }
      expect([sent, dry]).toEqual([most, mostDry]);
    }),
  );
});
