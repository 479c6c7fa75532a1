import { describe, expect, test } from 'vitest';
import { ok, type Result } from '../../base/result.ts';
import { venueId } from '../../domain/identifiers.ts';
import type { WireLine } from '../../ports/feed-verification.ts';
import { surveyRecording } from './recorded-instruments.ts';

const VENUE = venueId('BINANCE', 'replay');
type Line = Result<WireLine, { readonly message: string }>;

async function* lines(...messages: readonly unknown[]): AsyncGenerator<Line> {
  let at = 1_000n;
  for (const message of messages) {
    at += 1n;
    const raw = new TextEncoder().encode(JSON.stringify(message));
    yield ok({ file: 'test', line: Number(at), kind: 'Received', receivedNanos: at, raw });
  }
}

const trade = (px: string, qty: string, symbol = 'BTCUSDT') => ({
  data: { e: 'trade', s: symbol, t: 1, p: px, q: qty },
});
const depth = (px: string, qty: string) => ({
  data: { e: 'depthUpdate', s: 'BTCUSDT', U: 1, u: 2, b: [[px, qty]], a: [] },
});

describe('surveyRecording', () => {
  test('the step is that of trades; a level may still show more decimals, and is kept exactly', async () => {
    const { instruments } = await surveyRecording(
      lines(depth('100.10', '25.426189'), trade('100.10', '0.00010'), trade('100.11', '0.00011')),
      VENUE,
    );
    expect(instruments).toMatchObject([
      { symbol: 'BTCUSDT', priceScale: 2, tickSize: 1, quantityScale: 6, stepSize: 10 },
    ]);
  });

  test('one price alone is no tick', async () => {
    const { instruments } = await surveyRecording(lines(trade('61800.20', '0.5')), VENUE);
    expect(instruments).toMatchObject([
      { priceScale: 1, tickSize: 1, quantityScale: 1, stepSize: 1 },
    ]);
  });

  test('quotes tell prices; the quote volume of a ticker is no quantity', async () => {
    const quote = { s: 'ETHUSDT', u: 1, b: '10.01', B: '1.5', a: '10.02', A: '2.5' };
    const ticker = { e: '24hrTicker', s: 'ETHUSDT', p: '-0.12345678', q: '1.12345678' };
    const { instruments } = await surveyRecording(lines(quote, ticker), VENUE);
    expect(instruments).toMatchObject([{ symbol: 'ETHUSDT', priceScale: 2, quantityScale: 1 }]);
  });

  test('a symbol that no decoder takes is left out and named', async () => {
    const long = 'Z'.repeat(65);
    const survey = await surveyRecording(lines(trade('1', '2', long), trade('1.5', '2')), VENUE);
    expect(survey.instruments.map(({ symbol }) => symbol)).toEqual(['BTCUSDT']);
    expect(survey.problems).toEqual([expect.stringContaining('at most 64 bytes')]);
  });

  test('an instrument that shows no price is left out and named', async () => {
    const kline = { e: 'kline', s: 'ADAUSDT', k: { o: '1.0', c: '1.1' } };
    const survey = await surveyRecording(lines(kline, trade('1.5', '2')), VENUE);
    expect(survey.instruments.map(({ symbol }) => symbol)).toEqual(['BTCUSDT']);
    expect(survey.problems).toEqual([expect.stringContaining('ADAUSDT')]);
  });

  test('a message without the time it was received is named and counts for nothing', async () => {
    async function* untimed(): AsyncGenerator<Line> {
      const raw = new TextEncoder().encode(JSON.stringify(trade('9.5', '2', 'ETHUSDT')));
      yield ok({ file: 'plain.txt', line: 1, kind: 'Received', receivedNanos: 0n, raw });
      yield* lines(trade('1.5', '2'));
    }
    const survey = await surveyRecording(untimed(), VENUE);
    expect(survey).toMatchObject({ firstNanos: 1_001n, lastNanos: 1_001n, messages: 1 });
    expect(survey.instruments.map(({ symbol }) => symbol)).toEqual(['BTCUSDT']);
    expect(survey.problems).toEqual([expect.stringContaining('plain.txt line 1')]);
  });

  test('problems are told up to a hundred', async () => {
    async function* broken(): AsyncGenerator<Line> {
      for (let line = 0; line < 500; line += 1) {
        yield { ok: false, error: { message: `line ${line}` } };
      }
    }
    expect((await surveyRecording(broken(), VENUE)).problems).toHaveLength(100);
  });
});
