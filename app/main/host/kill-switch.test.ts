import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ClientId } from '../../engine/domain/identifiers.ts';
import { unixMicros } from '../../engine/domain/time.ts';
import { KillSwitch } from './kill-switch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(): {
  readonly states: string[];
  readonly replaced: number[];
  killSwitch: KillSwitch;
} {
  const states: string[] = [];
  const replaced: number[] = [];
  const killSwitch = new KillSwitch({
    post: () => true,
    replace: () => replaced.push(1) > 0,
    onStatus: ({ state }) => states.push(state),
  });
  const at = unixMicros(1_700_000_000_000_000);
  const client = 'desk-1' as ClientId;
  killSwitch.ask({ commandId: 'kill-1', client, via: 'Key', askedAt: at, drill: false });
  return { states, replaced, killSwitch };
}

test('a kill that is not taken within a second ends the trading process, and that is all it waits for', () => {
  const { states, replaced, killSwitch } = open();
  vi.advanceTimersByTime(999);
  expect(states).toEqual(['Asked']);
  vi.advanceTimersByTime(1);
  expect(states).toEqual(['Asked', 'KillMode']);
  expect(replaced).toHaveLength(1);
  expect(killSwitch.killMode).toMatchObject({ commandId: 'kill-1' });
});

// Seen: the switch of an engine that had made way told of a kill that the next one carried out.
test('of a stopped engine no word comes later', () => {
  const { states, replaced, killSwitch } = open();
  killSwitch.stop();
  vi.advanceTimersByTime(60_000);
  expect(states).toEqual(['Asked']);
  expect(replaced).toEqual([]);
});
