import type { Node } from 'jsonc-parser';
import { err, ok, type Result } from '../engine/base/result.ts';
import { decimalsOf, parseDecimal, parseDecimalBig } from '../engine/domain/decimal.ts';
import type { SyntheticInstrument, SyntheticMarket } from '../engine/synthetic/instruments.ts';
import {
  parseDocument,
  problemAt,
  propertiesOf,
  valueOf,
  type Problems,
  type Property,
  type Source,
} from './document.ts';
import { ASSET_SCALE } from './exchange/account.ts';

/** The market a file describes, and the whole units its account begins with. */
export interface DescribedMarket {
  readonly market: SyntheticMarket;
  readonly balances: Readonly<Record<string, number>>;
}

const MOST_INSTRUMENTS = 50;
const FEWEST_TICKS = 1000;
const MOST_TICKS = 100_000_000;
const DEFAULT_CORRELATION = 0.6;
/** Units of a quote asset, and of what a base asset is worth in it, that an account begins with when the file does not say. */
const DEFAULT_FUNDS = 100_000;
const DEFAULT_HOLDING = 50_000;

/** What a field holds: a test and what is said when it fails. */
interface Kind<T> {
  readonly expected: string;
  fits(value: unknown): value is T;
}

const text = (pattern: RegExp, expected: string): Kind<string> => ({
  expected,
  fits: (value): value is string => typeof value === 'string' && pattern.test(value),
});
const within = (least: number, most: number, expected: string): Kind<number> => ({
  expected,
  fits: (value): value is number => typeof value === 'number' && value >= least && value <= most,
});
const SYMBOL = text(/^[A-Z0-9]{2,20}$/, '2 to 20 capitals and digits');
const ASSET = text(/^[A-Z0-9]{1,12}$/, '1 to 12 capitals and digits');
const DECIMAL = text(
  /^(?=.*[1-9])\d{1,9}(\.\d{1,8})?$/,
  'a decimal above 0 as text, with at most 8 decimals',
);
const VOLATILITY = within(0.01, 5, 'a number from 0.01 to 5');
const RATE = within(0.1, 50, 'a number from 0.1 to 50');
const UNITS = within(1e-6, 1e9, 'a number from 0.000001 to 1000000000');
const CORRELATION = within(0, 0.95, 'a number from 0 to 0.95');

const INSTRUMENT_FIELDS = [
  'symbol',
  'base',
  'quote',
  'price',
  'tickSize',
  'stepSize',
  'minNotional',
  'volatility',
  'tradesPerSecond',
  'tradeNotional',
  'touchNotional',
] as const;
const FILE_FIELDS = ['instruments', 'correlation', 'balances'] as const;
const SHAPE = '{"instruments": [{"symbol": …}], "correlation": 0.6, "balances": {"USDT": 100000}}';

/** The fields of one object; what is wrong with them is added to the problems. */
class Fields<Name extends string> {
  readonly #source: Source;
  readonly #node: Node;
  readonly #problems: string[];
  readonly #byName: ReadonlyMap<string, Property>;

  constructor(source: Source, node: Node, names: readonly Name[], problems: string[]) {
    const fields = propertiesOf(node);
    this.#source = source;
    this.#node = node;
    this.#problems = problems;
    this.#byName = new Map(fields.map((field) => [field.name, field]));
    for (const { name, key } of fields) {
      if (names.some((known) => known === name)) continue;
      problems.push(problemAt(source, key, name, `one of ${names.join(', ')}`));
    }
  }

  node(name: Name): Node | undefined {
    return this.#byName.get(name)?.value;
  }

  /** A field that must be there. */
  take<T>(name: Name, kind: Kind<T>): T | undefined {
    if (this.node(name) !== undefined) return this.given(name, kind);
    this.#problems.push(problemAt(this.#source, this.#node, name, `${kind.expected}, is missing`));
    return undefined;
  }

  /** A field that may be left out. */
  given<T>(name: Name, kind: Kind<T>): T | undefined {
    const node = this.node(name);
    const value = node && valueOf(node);
    if (value === undefined || kind.fits(value)) return value;
    this.wrong(name, kind.expected);
    return undefined;
  }

  wrong(name: Name, expected: string): void {
    const node = this.node(name) ?? this.#node;
    this.#problems.push(problemAt(this.#source, node, name, expected));
  }
}

/** Reads a file of instruments: JSON, comments allowed. `name` stands for the file. */
export function readInstruments(name: string, written: string): Result<DescribedMarket, Problems> {
  const source = { name, text: written };
  const parsed = parseDocument(source, SHAPE);
  if (!parsed.ok) return parsed;
  const problems: string[] = [];
  const file = new Fields(source, parsed.value, FILE_FIELDS, problems);
  const nodes = file.node('instruments')?.children ?? [];
  const list = file.node('instruments')?.type === 'array';
  if (!list || nodes.length === 0 || nodes.length > MOST_INSTRUMENTS) {
    const expected = `1 to ${MOST_INSTRUMENTS} instruments in ${SHAPE}`;
    return err([...problems, problemAt(source, parsed.value, 'instruments', expected)]);
  }
  const symbols = new Set<string>();
  const instruments = nodes.flatMap((node) => {
    const fields = new Fields(source, node, INSTRUMENT_FIELDS, problems);
    const instrument = readInstrument(fields);
    if (instrument === undefined) return [];
    if (symbols.has(instrument.symbol)) fields.wrong('symbol', 'a symbol of its own');
    symbols.add(instrument.symbol);
    return [instrument];
  });
  const correlation = file.given('correlation', CORRELATION) ?? DEFAULT_CORRELATION;
  const given = readBalances(source, file.node('balances'), problems);
  if (problems.length > 0) return err(problems);
  const correlations = instruments.map((row) =>
    instruments.map((column) => (row === column ? 1 : correlation)),
  );
  const balances = { ...defaultBalances(instruments), ...given };
  return ok({ market: { instruments, correlations }, balances });
}

function readInstrument(
  fields: Fields<(typeof INSTRUMENT_FIELDS)[number]>,
): SyntheticInstrument | undefined {
  const symbol = fields.take('symbol', SYMBOL);
  const base = fields.take('base', ASSET);
  const quote = fields.take('quote', ASSET);
  const price = fields.take('price', DECIMAL);
  const tick = fields.take('tickSize', DECIMAL);
  const step = fields.take('stepSize', DECIMAL);
  const least = fields.given('minNotional', DECIMAL);
  const annualVolatility = fields.given('volatility', VOLATILITY) ?? 0.6;
  const tradesPerSecond = fields.given('tradesPerSecond', RATE) ?? 4;
  const tradeNotional = fields.given('tradeNotional', UNITS) ?? 500;
  const touchNotional = fields.given('touchNotional', UNITS) ?? 9000;
  if (base !== undefined && base === quote) fields.wrong('quote', 'another asset than the base');
  if (symbol === undefined || base === undefined || quote === undefined) return undefined;
  if (price === undefined || tick === undefined || step === undefined) return undefined;
  const priceScale = decimalsOf(tick);
  const quantityScale = decimalsOf(step);
  if (priceScale + quantityScale > ASSET_SCALE) {
    const most = ASSET_SCALE - priceScale;
    fields.wrong('stepSize', `at most ${most} decimals beside a tickSize of ${priceScale}`);
    return undefined;
  }
  const tickSize = Number(mantissa(tick, priceScale));
  const startPrice = mantissa(price, priceScale);
  const ticks = (startPrice ?? 0) / tickSize;
  if (startPrice === undefined || !Number.isInteger(ticks) || !inTicks(ticks)) {
    fields.wrong('price', `a multiple of tickSize, of ${FEWEST_TICKS} to ${MOST_TICKS} ticks`);
    return undefined;
  }
  const notionalScale = priceScale + quantityScale;
  const notional = least === undefined ? undefined : parseDecimalBig(least, notionalScale);
  if (notional?.ok === false) {
    fields.wrong('minNotional', `at most ${notionalScale} decimals, those of tick and step`);
  }
  return {
    symbol,
    base,
    quote,
    priceScale,
    quantityScale,
    tickSize,
    stepSize: Number(mantissa(step, quantityScale)),
    startPrice,
    annualVolatility,
    tradesPerSecond,
    tradeNotional,
    touchNotional,
    ...(notional?.ok === true ? { minNotional: notional.value } : {}),
  };
}

function inTicks(ticks: number): boolean {
  return ticks >= FEWEST_TICKS && ticks <= MOST_TICKS;
}

function mantissa(decimal: string, scale: number): number | undefined {
  const parsed = parseDecimal(decimal, scale);
  return parsed.ok ? parsed.value : undefined;
}

/** Whole units by asset as the file has them. */
function readBalances(
  source: Source,
  node: Node | undefined,
  problems: string[],
): Record<string, number> {
  const balances: Record<string, number> = {};
  if (node !== undefined && node.type !== 'object') {
    problems.push(problemAt(source, node, 'balances', '{"USDT": 100000}'));
  }
  for (const { name, key, value } of node === undefined ? [] : propertiesOf(node)) {
    const units = valueOf(value);
    if (!ASSET.fits(name)) problems.push(problemAt(source, key, 'balances', ASSET.expected));
    else if (Number.isInteger(units) && Number(units) >= 0 && Number(units) <= 1e9) {
      balances[name] = Number(units);
    } else {
      problems.push(problemAt(source, value, name, 'whole units from 0 to 1000000000'));
    }
  }
  return balances;
}

function defaultBalances(instruments: readonly SyntheticInstrument[]): Record<string, number> {
  const balances: Record<string, number> = {};
  for (const { base, startPrice, priceScale } of instruments) {
    balances[base] ??= Math.ceil((DEFAULT_HOLDING * 10 ** priceScale) / startPrice);
  }
  for (const { quote } of instruments) balances[quote] = DEFAULT_FUNDS;
  return balances;
}
