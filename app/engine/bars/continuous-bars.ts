import { divideHalfEven } from '../domain/decimal.ts';
import type { Bar } from '../domain/market.ts';
import { price } from '../domain/price.ts';

/** One contract of a chain, its bars oldest first. */
export interface ContractBars {
  /** How it is called; the order of contracts is that of their expiries. */
  readonly contract: string;
  readonly bars: readonly Bar[];
}

/** When the next contract is taken. */
export type RollRule =
  /** The day after a later contract had more volume than the one that is held. */
  | { readonly by: 'volume' }
  /** The day after a later contract had more open interest; by contract and day. */
  | { readonly by: 'open-interest'; readonly of: (contract: string, day: string) => number }
  /** On these days, oldest first: the next contract each time. */
  | { readonly by: 'date'; readonly days: readonly string[] };

/** How prices before a roll are moved to those after it. */
export type RollAdjustment = 'none' | 'ratio' | 'difference';

/** A bar of a continuous contract, and whose it is. */
export interface ContinuousBar extends Bar {
  readonly contract: string;
}

/** A change of contracts: from the first bar of `day` on it is `to`. */
export interface Roll {
  readonly day: string;
  readonly from: string;
  readonly to: string;
  /** The last closes of both on the newest day before that both traded; absent when there was none: then nothing is adjusted. */
  readonly closes?: readonly [from: number, to: number];
}

/** Where each contract of a chain is held. A contract that was left is not taken again; one that ended is left whatever the rule says. `dayOf` says on which day a bar is. */
export function rollsOf(
  chain: readonly ContractBars[],
  rule: RollRule,
  dayOf: (bar: Bar) => string,
): readonly Roll[] {
  const byDay = chain.map(({ bars }) => Map.groupBy(bars, dayOf));
  const days = [...new Set(byDay.flatMap((one) => [...one.keys()]))].toSorted();
  const rolls: Roll[] = [];
  let held = byDay.findIndex((one) => one.has(days[0] ?? ''));
  for (const [index, day] of days.entries()) {
    if (index === 0) continue;
    const asked = nextOf(chain, byDay, held, rule, day, days[index - 1] ?? '');
    const next = hasEnded(byDay[asked], day) ? nextWith(byDay, asked, day) : asked;
    if (next === held) continue;
    const [from, to] = [chain[held]?.contract ?? '', chain[next]?.contract ?? ''];
    const closes = closesBefore(byDay[held], byDay[next], days.slice(0, index));
    rolls.push({ day, from, to, ...(closes && { closes }) });
    held = next;
  }
  return rolls;
}

type Days = ReadonlyMap<string, readonly Bar[]>;

/** True when a contract has no bar on a day and none after it. */
function hasEnded(contract: Days | undefined, day: string): boolean {
  return contract !== undefined && [...contract.keys()].every((one) => one < day);
}

/** The first later contract that traded on a day; the same when none did. */
function nextWith(byDay: readonly Days[], held: number, day: string): number {
  const found = byDay.findIndex((one, index) => index > held && one.has(day));
  return found === -1 ? held : found;
}

function nextOf(
  chain: readonly ContractBars[],
  byDay: readonly Days[],
  held: number,
  rule: RollRule,
  day: string,
  before: string,
): number {
  const last = chain.length - 1;
  if (rule.by === 'date') {
    const due = rule.days.some((one) => one > before && one <= day);
    return due ? Math.min(last, held + 1) : held;
  }
  const size = (index: number): number =>
    rule.by === 'volume'
      ? (byDay[index]?.get(before) ?? []).reduce((sum, { volume }) => sum + volume, 0)
      : rule.of(chain[index]?.contract ?? '', before);
  let most = held;
  for (let index = held + 1; index <= last; index += 1) if (size(index) > size(most)) most = index;
  return most;
}

function closesBefore(
  from: Days | undefined,
  to: Days | undefined,
  days: readonly string[],
): readonly [number, number] | undefined {
  for (const day of days.toReversed()) {
    const [left, right] = [from?.get(day)?.at(-1), to?.get(day)?.at(-1)];
    if (left !== undefined && right !== undefined) return [left.close, right.close];
  }
  return undefined;
}

/** One line of bars over a chain. Prices before a roll are multiplied by its ratio, or moved by its difference, so that it does not look like a move of the market; volumes stay. */
export function joinContracts(
  chain: readonly ContractBars[],
  rolls: readonly Roll[],
  adjustment: RollAdjustment,
  dayOf: (bar: Bar) => string,
): readonly ContinuousBar[] {
  const first = rolls[0]?.from ?? chain.find(({ bars }) => bars.length > 0)?.contract;
  const parts = [
    { contract: first, from: '' },
    ...rolls.map(({ to, day }) => ({ contract: to, from: day })),
  ];
  return parts.flatMap(({ contract, from }, index) => {
    const until = parts[index + 1]?.from;
    const own = chain.find((one) => one.contract === contract);
    const held = (own?.bars ?? []).filter((bar) => {
      const day = dayOf(bar);
      return day >= from && (until === undefined || day < until);
    });
    const move = moverOf(rolls.slice(index), adjustment);
    return held.map((bar) => ({
      ...bar,
      open: price(move(bar.open)),
      high: price(move(bar.high)),
      low: price(move(bar.low)),
      close: price(move(bar.close)),
      contract: contract ?? '',
    }));
  });
}

/** How a price before these rolls looks behind them. */
function moverOf(rolls: readonly Roll[], adjustment: RollAdjustment): (value: number) => number {
  const closes = rolls.flatMap((roll) => (roll.closes === undefined ? [] : [roll.closes]));
  if (adjustment === 'none') return (value) => value;
  if (adjustment === 'difference') {
    const moved = closes.reduce((sum, [from, to]) => sum + to - from, 0);
    return (value) => value + moved;
  }
  const over = closes.reduce((product, [, to]) => product * BigInt(to), 1n);
  const under = closes.reduce((product, [from]) => product * BigInt(from), 1n);
  return (value) => Number(divideHalfEven(BigInt(value) * over, under));
}
