import { InvalidArgumentError } from 'commander';
import { EventBars, type BarRule, type EventBar } from '../../engine/bars/event-bars.ts';
import { formatDecimal, parseDecimalBig } from '../../engine/domain/decimal.ts';
import { price, quantity } from '../../engine/domain/price.ts';
import { formatMicros } from '../../engine/domain/time.ts';
import type { TickDefinition } from '../../engine/store/ticks/tick-folders.ts';
import { CommandFailure, printJson, printTable, WRONG_INPUT } from '../output.ts';
import { storedTrades, type TradesOptions } from './stored-trades.ts';

const RULES = ['tick', 'volume', 'dollar', 'range', 'imbalance', 'renko'] as const;

/** A rule as it is written, its size still a decimal. */
interface WrittenRule {
  readonly by: BarRule['by'];
  readonly size: string;
}

/** What `qd ticks bars` is given. */
export interface BarsOptions extends TradesOptions {
  readonly by: WrittenRule;
}

/** Parses `--by`, such as `tick:1000` or `range:0.5`. */
export function ruleOption(text: string): WrittenRule {
  const [, name = '', size = ''] = /^([a-z]+):(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const by = RULES.find((rule) => rule === name);
  if (by !== undefined && /[1-9]/.test(size)) return { by, size };
  throw new InvalidArgumentError(`expected ${RULES.join('|')}:SIZE, was ${text}`);
}

/** `qd ticks bars`: bars that trades end, from stored trades. The last is still open when nothing ended it. */
export function barsOfTicks(options: BarsOptions): void {
  const { definition, trades } = storedTrades(options);
  const bars: EventBar[] = [];
  const builder = new EventBars(ruleOf(options.by, definition));
  for (const trade of trades) {
    builder.add({ ...trade, at: trade.receivedAt }, (bar) => bars.push(bar));
  }
  if (builder.current !== undefined) bars.push(builder.current);
  print(bars, definition, options);
}

function ruleOf({ by, size }: WrittenRule, { priceScale, quantityScale }: TickDefinition): BarRule {
  const scales = { tick: 0, volume: quantityScale, imbalance: quantityScale };
  const scale = by === 'dollar' ? priceScale + quantityScale : undefined;
  const own =
    by === 'range' || by === 'renko' || by === 'dollar' ? (scale ?? priceScale) : scales[by];
  const parsed = parseDecimalBig(size, own);
  if (!parsed.ok) {
    throw new CommandFailure(
      WRONG_INPUT,
      `--by ${by}: must have at most ${own} decimals, was ${size}`,
    );
  }
  if (by === 'dollar') return { by, size: parsed.value };
  const mantissa = Number(parsed.value);
  if (by === 'tick') return { by, size: mantissa };
  if (by === 'range' || by === 'renko') return { by, size: price(mantissa) };
  return { by, size: quantity(mantissa) };
}

function print(bars: readonly EventBar[], definition: TickDefinition, options: BarsOptions): void {
  const px = (value: number): string => formatDecimal(value, definition.priceScale);
  const rows = bars.map((bar) => ({
    opened: formatMicros(bar.openTime),
    closed: formatMicros(bar.closeTime),
    open: px(bar.open),
    high: px(bar.high),
    low: px(bar.low),
    close: px(bar.close),
    volume: formatDecimal(bar.volume, definition.quantityScale),
    trades: bar.trades,
    state: bar.closed ? 'closed' : 'open',
  }));
  if (options.json === true) {
    printJson({ instrument: options.instrument, by: options.by, bars: rows });
    return;
  }
  const columns = ['opened', 'closed', 'open', 'high', 'low', 'close', 'volume', 'trades', 'state'];
  printTable(
    columns,
    rows.map((row) => Object.values(row).map(String)),
  );
}
