import { describe, expect, test } from 'vitest';
import { CommandRegistry } from '../../commands/command-registry.ts';
import { reservedReason } from '../../commands/key-chords.ts';
import { resolveKeys, STANDARD_MAP } from '../../commands/key-map.ts';
import { KEY_PRESETS } from '../../commands/key-presets.ts';
import { ladderCommands } from './ladder-commands.ts';

const COMMANDS = ladderCommands(() => undefined);

describe('keys of the ladder', () => {
  test.each(KEY_PRESETS)(
    'preset $name gives every key it names, and to commands that exist',
    (preset) => {
      const chords = resolveKeys(COMMANDS, { ...STANDARD_MAP, preset: preset.name });
      const given = Object.keys(preset.keys).map((id) => [id, chords.get(id)]);
      expect(given).toEqual(Object.entries(preset.keys));
    },
  );

  test('no own key is one of the browser', () => {
    const taken = COMMANDS.flatMap(({ keys }) => keys).filter((chord) => reservedReason(chord));
    expect(taken).toEqual([]);
  });

  test('without a ladder nothing is planned, and everything that sends says why', () => {
    const reasons: unknown[] = [];
    const registry = new CommandRegistry((plan) => reasons.push(plan));
    registry.register(COMMANDS);
    const sending = COMMANDS.filter(({ order }) => order !== false);
    for (const { id } of sending) registry.run(id);
    expect(reasons).toEqual(sending.map(() => ({ kind: 'nothing', reason: 'No ladder is open' })));
  });
});
