import type { LedgerLine } from '../domain/account.ts';
import { formatDecimal, rescale } from '../domain/decimal.ts';
import type { AssetCode } from '../domain/identifiers.ts';
import { notionalScale, type Instrument } from '../domain/instrument.ts';
import type { Fill } from '../domain/order.ts';
import type { VenueBalance } from '../domain/venue-report.ts';

/** An asset whose balance is not what it should be, at `scale` decimals. */
export interface LedgerDifference {
  readonly asset: AssetCode;
  readonly scale: number;
  readonly expected: bigint;
  readonly seen: bigint;
}

/** The cash side of an account's fills, per asset, so that the venue's balances can be compared to the last unit. */
export class Ledger {
  readonly #lines = new Map<AssetCode, LedgerLine>();

  constructor(lines: readonly LedgerLine[] = []) {
    for (const line of lines) this.#lines.set(line.asset, line);
  }

  /** Moves base, quote and fee by one fill. */
  applyFill(fill: Fill, instrument: Instrument): void {
    const sign = fill.side === 'Buy' ? 1n : -1n;
    const cash = BigInt(fill.lastPx) * BigInt(fill.lastQty) * -sign;
    this.#move(
      instrument.base,
      BigInt(fill.lastQty) * sign,
      instrument.quantityScale,
      instrument.baseScale,
    );
    this.#move(instrument.quote, cash, notionalScale(instrument), instrument.quoteScale);
    this.#move(fill.feeAsset as AssetCode, -fill.fee, fill.feeScale, fill.feeScale);
  }

  /**
   * Compares what the venue states with what should be there. An asset first seen sets its baseline (all it holds but what our
   * fills moved) once every fill is `settled`: what is still owed would be counted twice. An asset that the venue does not name
   * holds 0.
   */
  compare(balances: readonly VenueBalance[], settled = true): LedgerDifference[] {
    const differences: LedgerDifference[] = [];
    const named = new Set(balances.map(({ asset }) => asset));
    const absent = [...this.#lines.values()].filter(({ asset }) => !named.has(asset));
    const zeros = absent.map(({ asset, scale }) => ({ asset, scale, free: 0n, locked: 0n }));
    for (const balance of [...balances, ...zeros]) {
      const line = this.#finer(balance.asset, balance.scale);
      const seen = rescale(balance.free + balance.locked, balance.scale, line.scale);
      if (line.baseline === undefined) {
        if (settled) this.#lines.set(line.asset, { ...line, baseline: seen - line.flow });
        continue;
      }
      const expected = line.baseline + line.flow;
      const gap = seen > expected ? seen - expected : expected - seen;
      if (gap <= BigInt(line.roundings)) continue;
      differences.push({ asset: line.asset, scale: line.scale, expected, seen });
    }
    return differences;
  }

  /** True when some asset has its baseline. */
  get begun(): boolean {
    return [...this.#lines.values()].some(({ baseline }) => baseline !== undefined);
  }

  /** True when every asset named has its baseline. */
  knows(balances: readonly VenueBalance[]): boolean {
    return balances.every(({ asset }) => this.#lines.get(asset)?.baseline !== undefined);
  }

  /** Takes what the venue states into the baseline (a deposit, a withdrawal, a trade elsewhere). */
  accept(differences: readonly LedgerDifference[]): void {
    for (const { asset, scale, seen } of differences) {
      const line = this.#finer(asset, scale);
      const total = rescale(seen, scale, line.scale);
      this.#lines.set(asset, { ...line, baseline: total - line.flow });
    }
  }

  /** Every line, by asset. */
  lines(): LedgerLine[] {
    return [...this.#lines.values()].sort((left, right) => (left.asset < right.asset ? -1 : 1));
  }

  #move(asset: AssetCode, amount: bigint, scale: number, assetScale: number): void {
    if (amount === 0n) return;
    const line = this.#finer(asset, assetScale);
    const flow = line.flow + rescale(amount, scale, line.scale);
    const inexact = scale > line.scale && amount % 10n ** BigInt(scale - line.scale) !== 0n;
    this.#lines.set(asset, { ...line, flow, roundings: line.roundings + (inexact ? 1 : 0) });
  }

  #finer(asset: AssetCode, scale: number): LedgerLine {
    const line = this.#lines.get(asset) ?? { asset, scale, flow: 0n, roundings: 0 };
    if (line.scale >= scale) return line;
    const up = (value: bigint): bigint => rescale(value, line.scale, scale);
    const finer = { ...line, scale, flow: up(line.flow), roundings: line.roundings };
    return line.baseline === undefined ? finer : { ...finer, baseline: up(line.baseline) };
  }
}

/** A difference in words. */
export function describeDifference(difference: LedgerDifference): string {
  const { asset, scale, expected, seen } = difference;
  return `${asset}: the venue holds ${formatDecimal(seen, scale)}, expected ${formatDecimal(expected, scale)}`;
}
