import { describe, expect, test } from 'vitest';
import { Limits } from './limits.ts';
import { VenueRefusal } from './refusal.ts';

const MINUTE_MS = 60_000;

function statusOf(step: () => void): number {
  try {
    step();
  } catch (error) {
    if (error instanceof VenueRefusal) return error.status;
    throw error;
  }
  return 200;
}

describe('request weight', () => {
  test('is allowed up to the limit, refused over it and forgotten with the minute', () => {
    let nowMs = 10 * MINUTE_MS;
    const limits = new Limits('venue', () => nowMs);
    for (let count = 0; count < 24; count += 1) {
      expect(statusOf(() => limits.charge(250))).toBe(200);
    }
    expect(limits.headers(false)).toEqual({ 'X-MBX-USED-WEIGHT-1M': '6000' });
    expect(statusOf(() => limits.charge(1))).toBe(429);
    nowMs += MINUTE_MS;
    expect(statusOf(() => limits.charge(1))).toBe(200);
    expect(limits.headers(false)).toEqual({ 'X-MBX-USED-WEIGHT-1M': '1' });
  });

  test('who goes on asking is banned for two minutes', () => {
    let nowMs = 10 * MINUTE_MS;
    const limits = new Limits('venue', () => nowMs);
    limits.charge(6000);
    const answers = Array.from({ length: 22 }, () => statusOf(() => limits.charge(1)));
    expect(answers).toEqual([...Array.from({ length: 20 }, () => 429), 418, 418]);
    nowMs += 2 * MINUTE_MS - 1;
    expect(statusOf(() => limits.charge(1))).toBe(418);
    nowMs += 1;
    expect(statusOf(() => limits.charge(1))).toBe(200);
  });

  test('open limits count and refuse nothing and are published as out of reach', () => {
    const limits = new Limits('open', () => 0);
    for (const { limit } of limits.published as { limit: number }[]) {
      expect(limit).toBe(1_000_000_000);
    }
    for (let count = 0; count < 100; count += 1) limits.charge(250);
    for (let count = 0; count < 100; count += 1) limits.countOrder();
    expect(limits.headers(true)).toEqual({
      'X-MBX-USED-WEIGHT-1M': '0',
      'X-MBX-ORDER-COUNT-10S': '0',
      'X-MBX-ORDER-COUNT-1D': '0',
    });
  });
});

describe('orders', () => {
  test('are limited in ten seconds, unless they fill', () => {
    let nowMs = 10 * MINUTE_MS;
    const limits = new Limits('venue', () => nowMs);
    for (let count = 0; count < 50; count += 1) limits.countOrder();
    expect(statusOf(() => limits.countOrder())).toBe(429);
    limits.orderFilled();
    expect(statusOf(() => limits.countOrder())).toBe(200);
    expect(statusOf(() => limits.countOrder())).toBe(429);
    nowMs += 10_000;
    expect(statusOf(() => limits.countOrder())).toBe(200);
  });
});
