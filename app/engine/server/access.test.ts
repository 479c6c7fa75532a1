import { describe, expect, test } from 'vitest';
import { ManualClock } from '../base/clock.ts';
import { Access } from './access.ts';

const START = 1_700_000_000_000_000;

describe('Access', () => {
  test('a token opens one session and is then used up', () => {
    const access = new Access(new ManualClock(START));
    const token = access.issueToken();
    const session = access.redeem(token);
    expect(session).toBeDefined();
    expect(access.redeem(token)).toBeUndefined();
    expect(access.session(session?.secret ?? '')).toBe(session);
  });

  test('a token older than ten minutes is refused', () => {
    const clock = new ManualClock(START);
    const access = new Access(clock);
    const token = access.issueToken();
    clock.advance(600_000_001);
    expect(access.redeem(token)).toBeUndefined();
  });

  test('after ten wrong tokens in a second even the right one waits for the next second', () => {
    const clock = new ManualClock(START);
    const access = new Access(clock);
    const token = access.issueToken();
    for (let index = 0; index < 10; index += 1) expect(access.redeem('wrong')).toBeUndefined();
    expect(access.redeem(token)).toBeUndefined();
    clock.advance(1_000_000);
    expect(access.redeem(token)).toBeDefined();
  });

  test('an ended session is unknown', () => {
    const access = new Access(new ManualClock(START));
    const session = access.redeem(access.issueToken());
    if (session === undefined) throw new Error('the token must open a session');
    access.end(session);
    expect(access.session(session.secret)).toBeUndefined();
  });
});
