import type { RiskLimits } from '../../domain/account.ts';
import type { Settings } from './schema.ts';

const MICROS_A_MILLISECOND = 1000;

/** The limits of pre-trade risk that the settings state. */
export function riskLimits(risk: Settings['risk']): RiskLimits {
  return {
    maxOrderNotional: BigInt(risk.maxOrderNotional),
    maxPositionNotional: BigInt(risk.maxPositionNotional),
    maxOpenOrders: risk.maxOpenOrders,
    maxOrdersPerWindow: risk.maxOrdersPerWindow,
    orderRateWindowMicros: risk.orderRateWindowMs * MICROS_A_MILLISECOND,
    priceCollarBps: risk.priceCollarBps,
    maxDistanceBps: risk.maxDistanceBps,
    staleAfterMicros: risk.staleAfterMs * MICROS_A_MILLISECOND,
    duplicateWindowMicros: risk.duplicateWindowMs * MICROS_A_MILLISECOND,
  };
}
