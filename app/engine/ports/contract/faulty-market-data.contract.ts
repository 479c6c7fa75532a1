import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { present } from '../../base/invariant.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { KIND_DIFF_HEADER, KIND_SNAPSHOT_HEADER } from '../../native/compute/market-record.ts';
import type { MarketDataClient } from '../market-data-client.ts';
import type { MarketDataSetup } from './market-data.contract.ts';
import { MarketRecorder, type WholeBook } from './market-recorder.contract.ts';
import { until } from './until.ts';

/** A way of the market's messages that can be spoilt, and what is done to it. */
export interface FaultyMarketSetup extends MarketDataSetup {
  stopMarket(instrument: Instrument): Promise<WholeBook>;
  startMarket(): void;
  /** Spoils what follows: a fault by its kind, with its fields. */
  spoil(fault: { readonly kind: string } & Readonly<Record<string, unknown>>): void;
  /** How often what was asked for last has struck. */
  struck(): number;
}

interface Case {
  readonly name: string;
  readonly fault: { readonly kind: string } & Readonly<Record<string, unknown>>;
  /** How often it strikes before it is taken back. */
  readonly times: number;
  /** The book must have been doubted. */
  readonly doubted?: true;
  /** It takes long: not in every run. */
  readonly slow?: true;
}

const EVERY = { on: 'streams', times: 0 } as const;

const LONG = process.env['QD_LONG'] === '1';

const ALL: readonly Case[] = [
  { name: 'a message is lost', fault: { kind: 'drop', ...EVERY, skip: 40 }, times: 1 },
  {
    name: 'every fifth message is lost',
    fault: { kind: 'drop', ...EVERY, probability: 0.2 },
    times: 25,
    slow: true,
  },
  { name: 'messages come twice', fault: { kind: 'duplicate', ...EVERY }, times: 40 },
  {
    name: 'messages change places',
    fault: { kind: 'reorder', ...EVERY, probability: 0.3 },
    times: 20,
  },
  {
    name: 'messages cannot be read',
    fault: { kind: 'corrupt', ...EVERY, probability: 0.2 },
    times: 10,
    doubted: true,
  },
  {
    name: 'messages come late',
    fault: { kind: 'delay', ...EVERY, ms: 300 },
    times: 40,
    slow: true,
  },
  {
    name: 'the connection ends three times in what it says',
    fault: { kind: 'disconnect', ...EVERY, times: 3 },
    times: 3,
    doubted: true,
  },
  {
    name: 'the connection stands and says nothing',
    fault: { kind: 'half-open', on: 'streams', times: 1 },
    times: 1,
    doubted: true,
    slow: true,
  },
  {
    name: 'the venue begins anew',
    fault: { kind: 'restart', forMs: 800 },
    times: 1,
    doubted: true,
  },
];

const CASES = ALL.filter(({ slow }) => LONG || slow !== true);
/** A venue whose every gap costs the connection is given it back more slowly: so many losses are enough. */
const LOSSES = 3;

/** What every venue's market data client must make of a spoilt stream: afterwards its book is the venue's, and what it could not know it has said. */
export function describeFaultyMarketData(
  name: string,
  open: () => Promise<FaultyMarketSetup>,
): void {
  describe(`spoilt market data of ${name}`, () => {
    const recorder = new MarketRecorder();
    let setup: FaultyMarketSetup;
    let client: MarketDataClient;
    let instrument: Instrument;

    /** The whole book when it was taken anew; else as far as the venue lets it be proved. */
    const expectTruth = async (takenAnew: boolean): Promise<void> => {
      const whole = await setup.stopMarket(instrument);
      const { provedLevels } = setup;
      const isTrue = (): boolean =>
        takenAnew || provedLevels === undefined
          ? recorder.is(whole)
          : recorder.isAtTop(whole, provedLevels);
      await until('the book is the venue’s', () => recorder.live && isTrue(), 30_000);
      setup.startMarket();
    };

    beforeAll(async () => {
      setup = await open();
      client = setup.client(recorder);
      const loaded = await client.loadInstruments();
      if (!loaded.ok) throw new Error(loaded.error.message);
      instrument = present(
        loaded.value.find((one) => one.symbol === setup.symbol),
        setup.symbol,
      );
      client.subscribe([{ instrument, index: 3 }]);
      await until('the book is live', () => recorder.live);
    }, 30_000);

    afterEach(() => setup.startMarket());

    afterAll(async () => {
      await client[Symbol.asyncDispose]();
      await setup[Symbol.asyncDispose]();
    });

    test.each(CASES)(
      '$name: the book is the venue’s again',
      async ({ fault, times, doubted }) => {
        const before = recorder.states.length;
        const reconnects = (): number => recorder.health?.reconnects ?? 0;
        const lostBefore = reconnects();
        setup.spoil(fault);
        const enough = (): boolean =>
          setup.struck() >= times || reconnects() - lostBefore >= LOSSES;
        await until(`it strikes ${times} times`, enough, 30_000);
        if (doubted)
          await until('the book is doubted', () => recorder.states.length > before, 60_000);
        setup.startMarket();
        // What was lost last shows only in what follows.
        const change = setup.quotedLevels === undefined ? KIND_DIFF_HEADER : KIND_SNAPSHOT_HEADER;
        const then = recorder.kinds.get(change) ?? 0;
        const since = (): number => (recorder.kinds.get(change) ?? 0) - then;
        await until('it goes on', () => recorder.live && since() >= 5, 60_000);
        await expectTruth(doubted === true);
      },
      120_000,
    );

    test('each trade came once, in order', () => {
      const ids = recorder.tradeIds;
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeGreaterThan(10);
    });
  });
}
