import type { Result } from '../../engine/base/result.ts';
import type { Command } from '../../engine/domain/command.ts';
import type { AccountId, ClientOrderId } from '../../engine/domain/identifiers.ts';
import type { Instrument } from '../../engine/domain/instrument.ts';
import type { Order } from '../../engine/domain/order.ts';
import type { Quote } from '../../engine/domain/market.ts';
import { parse } from '../../engine/language/parse.ts';
import { resolve } from '../../engine/language/resolve.ts';

/** What a line means now, before anything is sent. */
export type LineMeaning =
  | { readonly kind: 'empty' }
  | { readonly kind: 'error'; readonly message: string; readonly column: number }
  | { readonly kind: 'command'; readonly command: Command };

/** What a line is read against. */
export interface LineSurroundings {
  readonly account: AccountId | undefined;
  readonly instruments: readonly Instrument[];
  readonly quote: (id: Instrument['id']) => Quote | undefined;
  readonly orders: ReadonlyMap<ClientOrderId, Pick<Order, 'instrument'>>;
}

/** Reads a line of the order language as what it would do here and now. */
export function readLine(text: string, around: LineSurroundings): LineMeaning {
  if (text.trim() === '') return { kind: 'empty' };
  const parsed = parse(text);
  if (!parsed.ok) return failure(parsed);
  if (around.account === undefined) {
    return { kind: 'error', message: 'no account is connected', column: 1 };
  }
  const { account, instruments, quote, orders } = around;
  const instrumentOfOrder = (id: ClientOrderId) => orders.get(id)?.instrument;
  const command = resolve(parsed.value, { account, instruments, quote, instrumentOfOrder });
  if (!command.ok) return failure(command);
  return { kind: 'command', command: command.value };
}

function failure(
  result: Extract<
    Result<unknown, { readonly message: string; readonly column: number }>,
    { ok: false }
  >,
): LineMeaning {
  const { message, column } = result.error;
  return { kind: 'error', message: message.replace(/^column \d+: /, ''), column };
}
