import { describe, expect, test } from 'vitest';
import {
  CommandRegistry,
  type DeskCommand,
  type KeyPlace,
  type OrderCommand,
  type ViewCommand,
} from './command-registry.ts';
import type { KeyPress } from './key-press.ts';
import { nothing } from './order-plan.ts';

const NOWHERE: KeyPlace = { panel: undefined, inTextField: false, inDialog: false };

function press(key: string, more: Partial<KeyPress> = {}): KeyPress {
  const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, repeat: false };
  return { key, code: '', ...none, ...more };
}

function harness(): { readonly registry: CommandRegistry; readonly ran: string[] } {
  const ran: string[] = [];
  const registry = new CommandRegistry((plan) => {
    ran.push(plan.kind === 'nothing' ? plan.reason : 'sent');
  });
  const view = (id: string, keys: string[], scope: string): ViewCommand => ({
    id,
    title: id,
    keys,
    scope,
    order: false,
    run: () => ran.push(id),
  });
  registry.register([
    view('line', ['Ctrl+K', '/'], 'desk'),
    view('kill', ['Ctrl+Shift+K'], 'desk'),
    order('flatten', ['Ctrl+Shift+F'], 'desk', 'reduces'),
    order('buy', ['B'], 'ladder', 'enters'),
    view('centre', ['C', 'Space'], 'ladder'),
    { ...view('up', ['ArrowUp'], 'ladder'), repeats: true },
  ]);
  return { registry, ran };
}

/** An order command whose plan sends nothing and says its name. */
function order(
  id: string,
  keys: string[],
  scope: string,
  kind: OrderCommand['order'],
): OrderCommand {
  return { id, title: id, keys, scope, order: kind, plan: () => nothing(id) };
}
describe('two panels of a type', () => {
  function twoLadders(): { readonly registry: CommandRegistry; readonly ran: string[] } {
    const ran: string[] = [];
    const registry = new CommandRegistry(() => undefined);
    const buy = (ladder: string): DeskCommand => ({
      id: 'buy',
      title: 'Buy',
      keys: ['B'],
      scope: 'ladder',
      order: 'enters',
      plan: () => {
        ran.push(ladder);
        return nothing(ladder);
      },
    });
    registry.register([buy('first')], 'p1');
    const leave = registry.register([buy('second')], 'p2');
    registry.bindings.prefer('p2');
    registry.press(press('b'), { ...NOWHERE, panel: 'ladder' });
    registry.run('buy');
    expect(ran.splice(0)).toEqual(['second', 'second']);
    leave();
    return { registry, ran };
  }

  test('the one that had the focus last acts, and the other when that is gone', () => {
    const { registry, ran } = twoLadders();
    registry.run('buy');
    expect(ran).toEqual(['first']);
    expect(registry.bindings.state.commands.map(({ id }) => id)).toEqual(['buy']);
  });

  test('one panel does not hold a command twice', () => {
    const { registry } = twoLadders();
    const [buy] = registry.bindings.state.commands;
    expect(() => registry.register(buy === undefined ? [] : [buy], 'p1')).toThrow('twice');
  });
});

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

  test('a key that is still down is held, also where the system does not say so', () => {
    const { registry, ran } = harness();
    const place = { ...NOWHERE, panel: 'ladder' };
    const down = press('b', { code: 'KeyB' });
    for (let held = 0; held < 5; held += 1) registry.press(down, place);
    expect(ran).toEqual(['buy']);
    registry.release(down);
    registry.press(down, place);
    registry.releaseAll();
    registry.press(down, place);
    expect(ran).toEqual(['buy', 'buy', 'buy']);
  });

  test('a key that goes down in a dialog or a text field is held when it leaves them', () => {
    const { registry, ran } = harness();
    const down = press('b', { code: 'KeyB' });
    registry.press(down, { ...NOWHERE, inDialog: true });
    expect(registry.press(down, { ...NOWHERE, panel: 'ladder' })).toBe('swallowed');
    expect(ran).toEqual([]);
  });

  test('where keys coming up are not told while Command is down, they count as up after it', () => {
    const { registry, ran } = harness();
    const down = press('k', { code: 'KeyK', metaKey: true });
    registry.press(down, NOWHERE);
    registry.release({ key: 'Meta', code: 'MetaLeft' });
    registry.press(down, NOWHERE);
    expect(ran).toEqual(['line', 'line']);
  });

  test('of what is held only what says so repeats', () => {
    const { registry, ran } = harness();
    const place = { ...NOWHERE, panel: 'ladder' };
    registry.press(press('ArrowUp'), place);
    registry.press(press('ArrowUp', { repeat: true }), place);
    registry.press(press('c'), place);
    registry.press(press('c', { repeat: true }), place);
    expect(ran).toEqual(['up', 'up', 'centre']);
  });

  test('nothing that enters orders works from anywhere', () => {
    const { registry } = harness();
    const anywhere = order('buy-anywhere', ['F9'], 'desk', 'enters');
    expect(() => registry.register([anywhere])).toThrow(/enter orders from anywhere/);
  });

  test('by its id an order command goes the way of its key', () => {
    const { registry, ran } = harness();
    expect(registry.run('buy')).toBe(true);
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
    const clash: DeskCommand = order('other', ['B'], 'ladder', 'enters');
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
