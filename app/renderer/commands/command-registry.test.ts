import { describe, expect, test } from 'vitest';
import { CommandRegistry, type DeskCommand, type KeyPlace } from './command-registry.ts';
import type { KeyPress } from './key-press.ts';

const NOWHERE: KeyPlace = { panel: undefined, inTextField: false, inDialog: false };

function press(key: string, more: Partial<KeyPress> = {}): KeyPress {
  const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, repeat: false };
  return { key, ...none, ...more };
}

function harness(): { readonly registry: CommandRegistry; readonly ran: string[] } {
  const ran: string[] = [];
  const registry = new CommandRegistry();
  const command = (id: string, keys: string[], scope: string, order: boolean): DeskCommand => ({
    id,
    title: id,
    keys,
    scope,
    order,
    run: () => ran.push(id),
  });
  registry.register([
    command('line', ['Ctrl+K', '/'], 'desk', false),
    command('kill', ['Ctrl+Shift+K'], 'desk', false),
    command('flatten', ['Ctrl+Shift+F'], 'desk', true),
    command('buy', ['B'], 'ladder', true),
    command('centre', ['C', 'Space'], 'ladder', false),
  ]);
  return { registry, ran };
}

describe('keys', () => {
  test('a held key sends one order', () => {
    const { registry, ran } = harness();
    const place = { ...NOWHERE, panel: 'ladder' };
    expect(registry.press(press('b'), place)).toBe('run');
    for (let held = 0; held < 30; held += 1) {
      expect(registry.press(press('b', { repeat: true }), place)).toBe('swallowed');
    }
    expect(ran).toEqual(['buy']);
  });

  test('order keys are dead while a text field has the focus, with or without Ctrl', () => {
    const { registry, ran } = harness();
    const typing = { panel: 'ladder', inTextField: true, inDialog: false };
    registry.press(press('b'), typing);
    registry.press(press('F', { ctrlKey: true, shiftKey: true }), typing);
    registry.press(press('/'), typing);
    expect(ran).toEqual([]);
    registry.press(press('k', { ctrlKey: true }), typing);
    registry.press(press('K', { ctrlKey: true, shiftKey: true }), typing);
    expect(ran).toEqual(['line', 'kill']);
  });

  test('a panel key works only in its panel', () => {
    const { registry, ran } = harness();
    expect(registry.press(press('b'), NOWHERE)).toBe('ignored');
    expect(registry.press(press('b'), { ...NOWHERE, panel: 'chart' })).toBe('ignored');
    registry.press(press(' '), { ...NOWHERE, panel: 'ladder' });
    expect(ran).toEqual(['centre']);
  });

  test('nothing works behind a dialog', () => {
    const { registry, ran } = harness();
    registry.press(press('k', { ctrlKey: true }), { ...NOWHERE, inDialog: true });
    expect(ran).toEqual([]);
  });

  test('Command and Ctrl are one, and Shift names another chord', () => {
    const { registry, ran } = harness();
    registry.press(press('k', { metaKey: true }), NOWHERE);
    registry.press(press('K', { metaKey: true, shiftKey: true }), NOWHERE);
    expect(ran).toEqual(['line', 'kill']);
  });

  test('two commands on one chord of a scope are a bug', () => {
    const { registry } = harness();
    const clash: DeskCommand = {
      id: 'other',
      title: '',
      keys: ['B'],
      scope: 'ladder',
      order: true,
      run: () => undefined,
    };
    expect(() => registry.register([clash])).toThrow(/B is bound to buy and other/);
    expect(() => registry.register([{ ...clash, scope: 'chart' }])).not.toThrow();
  });

  test('removed commands no longer run', () => {
    const { registry, ran } = harness();
    const remove = registry.register([
      { id: 'x', title: 'x', keys: ['X'], scope: 'desk', order: false, run: () => ran.push('x') },
    ]);
    remove();
    expect(registry.press(press('x'), NOWHERE)).toBe('ignored');
    expect(registry.run('x')).toBe(false);
  });
});
