import { z } from 'zod';
import { LEFT_OUT } from '../domain/market.ts';
import { instrumentIdSchema, priceSchema, quantitySchema } from './values.ts';

const ratioSchema = z.number().nullable();

const sideMeasuresSchema = z.strictObject({
  /** Quantity that a basis point away from the mid adds. */
  slope: z.number().exactOptional(),
  /** How far the worst level that is known lies from the mid, basis points. */
  reachBps: z.number().exactOptional(),
  /** Quantity within each of `DEPTH_BANDS_BPS` of the mid. */
  within: z.array(ratioSchema),
});

/** What is measured of a book; formulas and units in `native/core/book/measures.hpp`. Fine prices have `FINE_DECIMALS` decimals more than `priceScale`; null and absent: not known. */
const measuresSchema = z.strictObject({
  priceScale: z.number().int(),
  quantityScale: z.number().int(),
  midFine: z.number().int().exactOptional(),
  micropriceFine: z.number().int().exactOptional(),
  spreadBps: z.number().exactOptional(),
  /** For each of `IMBALANCE_DEPTHS`, -1..1. */
  imbalances: z.array(ratioSchema),
  /** Order flow imbalance over each of `FLOW_SECONDS`, in units of quantity; null until it was watched so long. */
  flows: z.array(ratioSchema),
  bid: sideMeasuresSchema,
  ask: sideMeasuresSchema,
});

/** [price, quantity of all, quantity of each joined venue in the order of `venues`]. */
const joinedLevelSchema = z.tuple([priceSchema, quantitySchema, z.array(quantitySchema)]);

/** The books of an instrument and of the same at other venues as one: prices in its quote currency, mantissas at these scales, best first. */
export const consolidatedSchema = z.strictObject({
  subscription: z.string(),
  priceScale: z.number().int(),
  quantityScale: z.number().int(),
  /** Where it is listed, the instrument itself first. */
  venues: z.array(
    z.strictObject({
      instrument: instrumentIdSchema,
      /** Why its book is not joined now; absent when it is. */
      leftOut: z.enum(LEFT_OUT).exactOptional(),
      /** The instrument at whose mid its prices are converted. */
      rate: instrumentIdSchema.exactOptional(),
      /** What is charged to takers and in these prices, in millionths; absent where prices are without fees or none is set. */
      feeMillionths: z.number().int().exactOptional(),
      /** Of its own book, in its own currency, without fees; present when it is joined. */
      measures: measuresSchema.exactOptional(),
    }),
  ),
  bids: z.array(joinedLevelSchema),
  asks: z.array(joinedLevelSchema),
  /** What is bid above what is asked elsewhere, among the prices that are joined (at least 100 a side); absent while nothing is. */
  crossing: quantitySchema.exactOptional(),
  /** Of the joined book; its flow is the sum of the venues' flows. */
  measures: measuresSchema,
});

export type ConsolidatedMessage = z.infer<typeof consolidatedSchema>;
export type MeasuresMessage = z.infer<typeof measuresSchema>;
