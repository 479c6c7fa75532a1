import { expect, it } from 'vitest';
import type { MarketEvent } from '../domain/market.ts';
import { createKernel } from './kernel.ts';
import { BTC, CLIENT, Desk, terms } from './testing/desk.ts';
import { filled } from './testing/reports.ts';

type StateChanged = Extract<MarketEvent, { type: 'DataStateChanged' }>;

function say(desk: Desk, state: StateChanged['state'], reason: string): void {
  const event = { type: 'DataStateChanged', instrument: BTC, state, reason } as const;
  desk.apply({ type: 'Market', event });
}

function diverge(desk: Desk, bps: number | undefined): void {
  const about = { type: 'DivergenceChanged', instrument: BTC } as const;
  const divergence = bps === undefined ? {} : { divergence: { bps, limitBps: 100 } };
  desk.apply({ type: 'Market', event: { ...about, ...divergence } });
}

const CAUSES = [
  {
    cause: 'stale',
    words: 'its data is stale',
    begin: (desk: Desk) => say(desk, 'Stale', 'silent'),
    end: (desk: Desk) => say(desk, 'Live', 'none'),
  },
  {
    cause: 'gapped',
    words: 'its book misses something and is taken anew',
    begin: (desk: Desk) => say(desk, 'Resyncing', 'gap'),
    end: (desk: Desk) => say(desk, 'Live', 'none'),
  },
  {
    cause: 'crossed',
    words: 'its best bid is not below its best ask',
    begin: (desk: Desk) => say(desk, 'Resyncing', 'crossed'),
    end: (desk: Desk) => say(desk, 'Live', 'none'),
  },
  {
    cause: 'divergent',
    words: 'it lies 240 bp below the same elsewhere, at most 100 are taken',
    begin: (desk: Desk) => diverge(desk, -240),
    end: (desk: Desk) => diverge(desk, undefined),
  },
];

it.each(CAUSES)('no new risk leans on a price that is $cause', ({ words, begin, end }) => {
  const desk = new Desk().open();
  begin(desk);
  const result = desk.command({ type: 'SubmitOrder', terms: terms() });
  const message = `the price must be one to lean on: ${words}`;
  expect(result).toMatchObject({ ok: false, code: 'DATA_DOUBTFUL', message });
  const reason = { code: 'DATA_DOUBTFUL', message };
  expect(desk.order(result.orders[0])).toMatchObject({ status: 'Denied', reason });
  end(desk);
  expect(desk.kernel.preview(CLIENT, terms())).toBeUndefined();
});

it.each(CAUSES)('what closes a position still goes while it is $cause', ({ begin }) => {
  const desk = new Desk().open();
  const opened = desk.command({ type: 'SubmitOrder', terms: terms() });
  desk.venue(filled(opened.orders[0] ?? '', '1', 10_000));
  begin(desk);
  const sell = terms({ side: 'Sell' });
  expect(desk.command({ type: 'SubmitOrder', terms: sell })).toMatchObject({ ok: true });
});

it('a quote alone ends neither staleness nor divergence', () => {
  const desk = new Desk().open();
  diverge(desk, 240);
  desk.quote();
  expect(desk.kernel.preview(CLIENT, terms())?.code).toBe('DATA_DOUBTFUL');
  say(desk, 'Stale', 'silent');
  diverge(desk, undefined);
  desk.quote();
  expect(desk.kernel.preview(CLIENT, terms())?.code).toBe('DATA_DOUBTFUL');
  say(desk, 'Live', 'none');
  expect(desk.kernel.preview(CLIENT, terms())).toBeUndefined();
});

it('a doubt is there after a record of the state is taken up again', () => {
  const desk = new Desk().open();
  diverge(desk, 240);
  const again = createKernel();
  again.restore(desk.kernel.snapshot());
  expect(again.preview(CLIENT, terms())?.code).toBe('DATA_DOUBTFUL');
});
