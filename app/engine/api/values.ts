import { z } from 'zod';
import type {
  AccountId,
  AssetCode,
  ClientId,
  ClientOrderId,
  Environment,
  InstrumentId,
  TradeId,
  VenueId,
  VenueOrderId,
} from '../domain/identifiers.ts';
import { ENVIRONMENTS } from '../domain/identifiers.ts';
import type { Price, Quantity, SignedQuantity } from '../domain/price.ts';
import type { UnixMicros } from '../domain/time.ts';

function text<T extends string>(most: number): z.ZodCustom<T, T> {
  return z.custom<T>((value) => typeof value === 'string' && value.length <= most);
}

/** Identifiers travel as text. */
export const instrumentIdSchema = text<InstrumentId>(80);
export const venueIdSchema = text<VenueId>(40);
export const accountIdSchema = text<AccountId>(80);
export const clientOrderIdSchema = text<ClientOrderId>(36);
export const venueOrderIdSchema = text<VenueOrderId>(64);
export const tradeIdSchema = text<TradeId>(64);
export const assetCodeSchema = text<AssetCode>(40);
export const clientIdSchema = text<ClientId>(64);
export const environmentSchema = z.enum(ENVIRONMENTS) satisfies z.ZodType<Environment>;

/** Prices, quantities and times travel as whole JSON numbers (mantissas at the instrument's scales; microseconds). */
export const priceSchema = z.custom<Price>((value) => Number.isSafeInteger(value));
export const quantitySchema = z.custom<Quantity>(
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
);
export const signedQuantitySchema = z.custom<SignedQuantity>((value) =>
  Number.isSafeInteger(value),
);
export const microsSchema = z.custom<UnixMicros>((value) => Number.isSafeInteger(value));

/** Money and other big whole numbers travel as decimal text. */
export const bigintSchema = z.codec(z.string().regex(/^-?\d{1,60}$/), z.bigint(), {
  decode: (digits) => BigInt(digits),
  encode: (value) => value.toString(),
});
