import { err, ok, type Result } from '../../../../base/result.ts';
import type { VenueError } from '../../../../ports/market-data-client.ts';
import { FieldReader } from '../../../../ports/wire-fields.ts';

/** What a key may do, and what its owner should know. */
export interface KeyPermissions {
  readonly canRead: boolean;
  readonly canTradeSpot: boolean;
  readonly restrictedToAddresses: boolean;
  readonly warnings: readonly string[];
}

/** `GET /sapi/v1/account/apiRestrictions`. A key that may withdraw is refused. */
export function parsePermissions(wire: unknown): Result<KeyPermissions, VenueError> {
  const reader = new FieldReader(wire, 'apiRestrictions');
  const restrictedToAddresses = reader.flag('ipRestrict');
  const canTradeSpot = reader.flag('enableSpotAndMarginTrading');
  const canRead = reader.flag('enableReading');
  const movesFunds = ['enableInternalTransfer', 'permitsUniversalTransfer'].filter(
    (right) => reader.has(right) && reader.flag(right),
  );
  const withdraws = reader.flag('enableWithdrawals');
  const warnings = [
    ...(restrictedToAddresses
      ? []
      : ['the key works from any address: restrict it to the addresses it is used from']),
    ...(canTradeSpot ? [] : ['the key may not trade spot: orders will be refused']),
    ...movesFunds.map(
      (right) => `the key may move funds between accounts (${right}): take this right away`,
    ),
  ];
  const permissions = reader.finish({ canRead, canTradeSpot, restrictedToAddresses, warnings });
  if (!permissions.ok) return permissions;
  if (withdraws) {
    const message =
      'the key may withdraw funds and is refused: make one with reading and spot trading only';
    return err({ code: 'KEY_CAN_WITHDRAW', kind: 'Refused', message });
  }
  return ok(permissions.value);
}
