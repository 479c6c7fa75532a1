import type { Bound, Figure } from './floor.ts';
import type { ProductWorkload, ScreenWorkload } from './observed.ts';
import type { Workload } from './workload.ts';

/** One benchmark: what it does, what must hold, and who runs it. */
export interface Benchmark {
  readonly name: string;
  /** The workload in one line; docs/benchmarks.md has it in full. */
  readonly workload: string;
  /** Empty: measured to be watched, nothing is asked of it. */
  readonly floor: readonly Bound[];
  /** Prepares the workload; absent for what the native program or a browser runs. */
  readonly prepare?: () => Promise<Workload>;
  /** Loads what a browser shows. */
  readonly onScreen?: () => Promise<ScreenWorkload>;
  /** Loads what the product does without a window. */
  readonly onProduct?: () => Promise<ProductWorkload>;
}

function atMost(figure: Figure, value: number): Bound {
  return { figure, is: '<=', value };
}

function atLeast(figure: Figure, value: number): Bound {
  return { figure, is: '>=', value };
}

const MILLION = 1_000_000;
const MICROSECOND = 1000;
const MILLISECOND = 1_000_000;

/** Every benchmark, in the order of the table. */
export const BENCHMARKS: readonly Benchmark[] = [
  {
    name: 'ring-ping-pong',
    workload: 'one 64-byte record one way between two threads',
    floor: [atMost('ratio', 1.3)],
  },
  {
    name: 'ring-processes',
    workload: 'one 64-byte record one way between two processes',
    floor: [atMost('ratio', 1.3)],
  },
  {
    name: 'ring-batched',
    workload: '64-byte records in batches of 16 between two threads',
    floor: [atLeast('perSecond', 120 * MILLION)],
  },
  {
    name: 'decode-aggtrade',
    workload: 'Binance aggTrade of 204 bytes, 16 a call, in C++',
    floor: [],
  },
  {
    name: 'decode-depth25',
    workload: 'Binance depthUpdate of 25 levels, 16 a call, in C++',
    floor: [],
  },
  {
    name: 'decode-aggtrade-binding',
    workload: 'Binance aggTrade of 204 bytes, 64 a call, from TypeScript',
    floor: [atMost('ratio', 1 / 8)],
    prepare: async () => {
      const { aggTradeDecoding } = await import('../engine/native/compute/decode.bench.ts');
      return aggTradeDecoding();
    },
  },
  {
    name: 'decode-depth25-binding',
    workload: 'Binance depthUpdate of 25 levels, 64 a call, from TypeScript',
    floor: [atMost('ratio', 1 / 5)],
    prepare: async () => {
      const { depthDecoding } = await import('../engine/native/compute/decode.bench.ts');
      return depthDecoding();
    },
  },
  ...['kraken', 'okx', 'deribit', 'coinbase', 'bybit'].map((venue) => ({
    name: `decode-wire-${venue}`,
    workload: 'a change of 20 levels in a venue’s spelling, a byte, against Binance’s, in C++',
    floor: [atMost('ratio', 1.5)],
  })),
  {
    name: 'book-1000',
    workload: '25 levels a message into a book of 1,000 levels a side, top 20 out',
    floor: [atMost('p50', 20)],
  },
  {
    name: 'matching-1x4000',
    workload: 'full order flow into one book, 4,000 orders live',
    floor: [atMost('p50', 23)],
  },
  {
    name: 'matching-64x2000',
    workload: 'full order flow into 64 books, 2,000 orders live in each',
    floor: [atMost('p50', 30)],
  },
  {
    name: 'pre-trade',
    workload: 'every check, five scopes, 100 instruments, half pass',
    floor: [atMost('p50', 150), atMost('p999', MICROSECOND)],
  },
  {
    name: 'journal-batch',
    workload: '64-byte records in batches of 256, synced in groups',
    floor: [atLeast('perSecond', 2 * MILLION)],
  },
  {
    name: 'journal-append',
    workload: 'one 64-byte record, written to outlive the process',
    floor: [atMost('p50', 2 * MICROSECOND)],
  },
  {
    name: 'ticks-write',
    workload: 'trades in batches of 1,000, each flushed',
    floor: [atLeast('perSecond', 15 * MILLION)],
  },
  {
    name: 'ticks-scan',
    workload: 'VWAP over instrument, price and quantity',
    floor: [atLeast('perSecond', 200 * MILLION)],
  },
  {
    name: 'ticks-size',
    workload: 'bytes on disk of a generated trade, batches of 1,000',
    floor: [atMost('p50', 5.17)],
  },
  {
    name: 'orders',
    workload: 'quote, submit, ack, part, duplicate, cancel or fill through the kernel',
    floor: [atLeast('perSecond', MILLION)],
    prepare: async () => (await import('../engine/kernel/orders.bench.ts')).orders(),
  },
  {
    name: 'orders-journalled',
    workload: 'the same, each input and intent in the journal first',
    floor: [atLeast('perSecond', MILLION / 4)],
    prepare: async () => (await import('../engine/kernel/orders.bench.ts')).ordersJournalled(),
  },
  {
    name: 'lane-trade',
    workload: 'aggTrade bytes to decode, signal, risk, unsigned order bytes, 1 % fire',
    floor: [atMost('p50', 700), atMost('p999', 5 * MICROSECOND)],
  },
  {
    name: 'lane-depth25',
    workload: 'depthUpdate bytes to decode, book, signal, risk, unsigned order bytes',
    floor: [atMost('p50', 1800)],
  },
  {
    name: 'product-path',
    workload:
      'trade bytes in feed to ring, trade, journal, risk, order handed to the socket; woken',
    floor: [atMost('p50', 150 * MICROSECOND), atMost('p99', MILLISECOND)],
    prepare: async () => (await import('../engine/processes/path.bench.ts')).productPath(),
  },
  {
    name: 'feed-load',
    workload:
      'trades, quotes and depth of 50 instruments at 50,000/s into the engine, recorded; share of a core',
    floor: [atMost('p50', 25)],
    onProduct: async () => (await import('./product/feed-load.ts')).feedLoad,
  },
  {
    name: 'screen-blotter',
    workload:
      '100,000 rows x 10 columns, 10,000 changes/s, sorted by what changes, filtered; frames',
    floor: [atMost('p95', 33.4)],
    onScreen: async () => (await import('./screen/blotter.ts')).blotter,
  },
  {
    name: 'screen-key-to-wire',
    workload: 'hotkey down in the ladder to the order request at the port of the sandbox',
    floor: [atMost('p50', 4), atMost('p99', 12)],
    onScreen: async () => (await import('./screen/key-to-wire.ts')).keyToWire,
  },
  {
    name: 'screen-update-to-paint',
    workload:
      'trades of 20 instruments at up to 50,000/s into 12 panels of 3 windows; to the end of the picture',
    floor: [atMost('p50', 25), atMost('p99', 50)],
    onScreen: async () => (await import('./screen/update-to-paint.ts')).updateToPaint,
  },
  {
    name: 'screen-start',
    workload: 'second start on a folder to the first live price painted, sandbox, browser running',
    floor: [atMost('p50', 4000)],
    onScreen: async () => (await import('./screen/start.ts')).start,
  },
  {
    name: 'screen-chart',
    workload: 'a chart of the sandbox moved and zoomed through its past for 10 s; frames',
    floor: [atMost('p95', 20)],
    onScreen: async () => (await import('./screen/chart.ts')).chart,
  },
  {
    name: 'screen-ladder',
    workload: 'press on a bid cell to the end of the picture with the tag of the order',
    floor: [atMost('p99', 20)],
    onScreen: async () => (await import('./screen/ladder.ts')).ladder,
  },
  {
    name: 'screen-memory',
    workload: 'every process and the heaps of three windows, 5,000 trades/s for minutes',
    floor: [atMost('p50', 700)],
    onScreen: async () => (await import('./screen/memory.ts')).memory,
  },
];
