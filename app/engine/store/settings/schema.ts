import { z } from 'zod';

const wholeUnits = z.string().regex(/^\d{1,15}$/, 'expected a whole number as text');
const count = z.number().int().min(1).max(1_000_000);

/** Every setting with its default; names carry units. Sections are read and fall back one key at a time. */
export const settingsSchema = z.strictObject({
  risk: z
    .strictObject({
      /** Largest price x quantity of one order, quote units. */
      maxOrderNotional: wholeUnits.default('50000'),
      /** Largest position with all working orders filled, quote units. */
      maxPositionNotional: wholeUnits.default('200000'),
      maxOpenOrders: count.default(100),
      /** As many as the risk gate keeps times of. */
      maxOrdersPerWindow: count.max(100_000).default(20),
      orderRateWindowMs: count.default(1000),
      priceCollarBps: count.default(50),
      maxDistanceBps: count.default(1000),
      staleAfterMs: count.default(5000),
      duplicateWindowMs: count.default(500),
    })
    .prefault({}),
  trading: z
    .strictObject({
      /** Live accounts: an order that adds risk waits until its record survives the loss of power. */
      durableBeforeSend: z.boolean().default(true),
    })
    .prefault({}),
  journal: z
    .strictObject({
      /** Market records of sessions are dropped after so many days; orders never are. */
      marketRetentionDays: z.number().int().min(1).max(36_500).default(7),
    })
    .prefault({}),
  market: z
    .strictObject({
      /** Venue symbols the feed subscribes at start. */
      symbols: z
        .array(z.string().regex(/^[A-Z0-9]{2,20}$/, 'expected a venue symbol such as BTCUSDT'))
        .min(1)
        .max(100)
        .default(['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT', 'XRPUSDT']),
    })
    .prefault({}),
  browser: z
    .strictObject({
      /** Loopback port of the browser host; 0 takes a free one. */
      port: z.number().int().min(0).max(65_535).default(0),
    })
    .prefault({}),
  sandbox: z.strictObject({ seed: z.number().int().min(0).default(7) }).prefault({}),
});

/** Settings with every default filled in. */
export type Settings = z.infer<typeof settingsSchema>;
