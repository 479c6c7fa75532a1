import { err, ok, type Result } from '../../../../base/result.ts';
import type { FeeRates } from '../../../../domain/account.ts';
import type { AccountId, AssetCode } from '../../../../domain/identifiers.ts';
import type { UnixMicros } from '../../../../domain/time.ts';
import type { BalancesChanged, VenueBalance } from '../../../../domain/venue-report.ts';
import type { VenueError } from '../../../../ports/market-data-client.ts';
import { FieldReader } from '../../../../ports/wire-fields.ts';

/** Decimals of every balance of the venue. */
export const BALANCE_SCALE = 8;

/** Decimals of a rate that `FeeRates` keeps. */
const RATE_SCALE = 8;

/** `GET /api/v3/account`: every asset, also empty ones; when the account last changed; its number and fee rates at the venue. */
export function parseAccount(wire: unknown): Result<
  {
    readonly balances: readonly VenueBalance[];
    readonly updatedAt: UnixMicros;
    readonly venueAccount?: string;
    readonly feeRates?: FeeRates;
  },
  VenueError
> {
  const reader = new FieldReader(wire, 'account');
  const balances = readBalances(reader.list('balances'), ['asset', 'free', 'locked']);
  if (!balances.ok) return balances;
  const rates = reader.has('commissionRates')
    ? readRates(reader.raw('commissionRates'))
    : ok(undefined);
  if (!rates.ok) return rates;
  return reader.finish({
    balances: balances.value,
    updatedAt: reader.time('updateTime'),
    ...(reader.has('uid') ? { venueAccount: String(reader.integer('uid')) } : {}),
    ...(rates.value === undefined ? {} : { feeRates: rates.value }),
  });
}

/** The venue charges the rate of the liquidity and that of the side; of the two sides the dearer one is taken. */
function readRates(wire: unknown): Result<FeeRates, VenueError> {
  const reader = new FieldReader(wire, 'commissionRates');
  const [maker, taker, buyer, seller] = ['maker', 'taker', 'buyer', 'seller'].map((name) =>
    Number(reader.amount(name, RATE_SCALE)),
  ) as [number, number, number, number];
  const side = Math.max(buyer, seller);
  for (const [name, rate] of [
    ['maker', maker + side],
    ['taker', taker + side],
  ] as const) {
    if (Math.abs(rate) > 10 ** RATE_SCALE) reader.reject(name, 'a share of at most 1');
  }
  return reader.finish({ maker: maker + side, taker: taker + side });
}

/** The event `outboundAccountPosition`: the assets an event may have changed. */
export function parseAccountPosition(
  wire: unknown,
  account: AccountId,
): Result<BalancesChanged, VenueError> {
  const reader = new FieldReader(wire, 'outboundAccountPosition');
  const balances = readBalances(reader.list('B'), ['a', 'f', 'l']);
  if (!balances.ok) return balances;
  return reader.finish({
    type: 'BalancesChanged',
    account,
    balances: balances.value,
    venueTime: reader.time('u'),
  });
}

function readBalances(
  rows: readonly unknown[],
  [assetName, freeName, lockedName]: readonly [string, string, string],
): Result<readonly VenueBalance[], VenueError> {
  const balances: VenueBalance[] = [];
  for (const row of rows) {
    const reader = new FieldReader(row, 'balance');
    const balance = reader.finish({
      asset: reader.text(assetName) as AssetCode,
      scale: BALANCE_SCALE,
      free: reader.amount(freeName, BALANCE_SCALE),
      locked: reader.amount(lockedName, BALANCE_SCALE),
    });
    if (!balance.ok) return err(balance.error);
    balances.push(balance.value);
  }
  return ok(balances);
}
