import { describe, expect, test } from 'vitest';
import { KINDS, readPlan } from './plan.ts';

function problemsOf(text: string): readonly string[] {
  const read = readPlan('plan.json', text);
  return read.ok ? [] : read.error;
}

describe('a fault plan', () => {
  test('takes its defaults from the kind', () => {
    const read = readPlan(
      'plan.json',
      '{"faults":[{"kind":"cancel-race"},{"kind":"ban","on":"api"}]}',
      4,
    );
    expect(read).toMatchObject({
      ok: true,
      value: [
        {
          id: 'fault-4',
          kind: 'cancel-race',
          on: 'api',
          request: 'order.cancel',
          part: 1,
          times: 1,
        },
        { id: 'fault-5', kind: 'ban', on: 'api', ms: 3000 },
      ],
    });
  });

  test('names file, line, field, value and what is expected, every problem at once', () => {
    const text = `{"faults": [
      {"kind": "delay", "on": "api", "ms": "long"},
      {"kind": "drop", "on": "moon"},
      {"kind": "sequence-gap", "executed": true},
      {"kind": "reorder", "on": "rest"},
      {"kind": "halt"},
      {"kind": "melt"}
    ]}`;
    expect(problemsOf(text)).toEqual([
      'plan.json:2 ms "long", expected milliseconds from -86400000 to 86400000',
      'plan.json:3 on "moon", expected one of streams, api, rest',
      'plan.json:4 executed "executed", expected for sequence-gap one of symbol, skip, times, probability, seed, afterMs, forMs',
      'plan.json:5 on "rest", expected one of streams, api',
      'plan.json:6 symbol {"kind": "halt"}, expected a value, for halt needs one',
      expect.stringMatching(/^plan.json:7 kind "melt", expected one of drop, delay, /),
    ]);
  });

  test.each([
    '',
    '[]',
    '{"faults": 1}',
    '{"faults": [',
    '{"faults": [], "more": 1}',
    '{"faults": [3]}',
  ])('refuses %j', (text) => {
    expect(problemsOf(text)).toHaveLength(1);
  });

  test('every kind can be set with its needs', () => {
    for (const [kind, rule] of Object.entries(KINDS)) {
      const [on] = rule.lines.length > 1 ? rule.lines : [];
      const fault = { kind, on, ms: undefined, symbol: undefined, tickSize: undefined };
      const needs: readonly string[] = 'needs' in rule ? rule.needs : [];
      const full = {
        ...fault,
        ...(needs.includes('ms') ? { ms: 5 } : {}),
        ...(needs.includes('symbol') ? { symbol: 'SOLUSDT' } : {}),
        ...(needs.includes('tickSize') ? { tickSize: '0.1' } : {}),
      };
      expect(problemsOf(JSON.stringify({ faults: [full] }))).toEqual([]);
    }
  });
});
