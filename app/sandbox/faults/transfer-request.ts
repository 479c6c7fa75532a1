import { err, ok, type Result } from '../../engine/base/result.ts';
import { formatDecimal, parseDecimalBig } from '../../engine/domain/decimal.ts';
import { parseDocument, problemAt, propertiesOf, valueOf, type Problems } from '../document.ts';
import { ASSET_SCALE } from '../exchange/account.ts';
import type { Transfers } from '../exchange/transfers.ts';

const SHAPE = '{"asset": "USDT", "amount": "250.5"}';

/** An asset after a transfer. */
export interface Transferred {
  readonly asset: string;
  readonly free: string;
}

/** Carries out a deposit, or with a negative amount a withdrawal, as the text asks for it; `name` stands for the text. */
export function transfer(
  transfers: Transfers,
  name: string,
  text: string,
): Result<Transferred, Problems> {
  const source = { name, text };
  const parsed = parseDocument(source, SHAPE);
  if (!parsed.ok) return parsed;
  const fields = propertiesOf(parsed.value);
  const asset = fields.find((field) => field.name === 'asset')?.value;
  const amount = fields.find((field) => field.name === 'amount')?.value;
  if (asset === undefined || amount === undefined || fields.length !== 2) {
    return err([problemAt(source, parsed.value, '(file)', SHAPE)]);
  }
  const code = valueOf(asset);
  if (typeof code !== 'string' || !/^[A-Z0-9]{1,12}$/.test(code)) {
    return err([problemAt(source, asset, 'asset', '1 to 12 capitals and digits')]);
  }
  const asked = valueOf(amount);
  const units = typeof asked === 'string' ? parseDecimalBig(asked, ASSET_SCALE) : undefined;
  if (units?.ok !== true || units.value === 0n) {
    const decimals = `a decimal as text with at most ${ASSET_SCALE} decimals, negative to withdraw`;
    return err([problemAt(source, amount, 'amount', decimals)]);
  }
  if (!transfers.move(code, units.value)) {
    const free = formatDecimal(transfers.free(code), ASSET_SCALE);
    return err([problemAt(source, amount, 'amount', `at most the ${free} that are free`)]);
  }
  return ok({ asset: code, free: formatDecimal(transfers.free(code), ASSET_SCALE) });
}
