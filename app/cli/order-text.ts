import type { QuoteMessage } from '../engine/api/feed-service.ts';
import type { TradeMessage } from '../engine/api/trade-service.ts';
import { err, ok, type Result } from '../engine/base/result.ts';
import type { Command } from '../engine/domain/command.ts';
import type { ClientOrderId, InstrumentId } from '../engine/domain/identifiers.ts';
import type { Quote } from '../engine/domain/market.ts';
import { parse } from '../engine/language/parse.ts';
import { resolve } from '../engine/language/resolve.ts';

/** What a line of the order language asks of the engine whose snapshot this is; the error is one line that names the word and its column. */
export async function resolveOrderText(
  text: string,
  snapshot: Extract<TradeMessage, { type: 'Snapshot' }>,
  quoteOf: (instrument: InstrumentId) => Promise<QuoteMessage | undefined>,
): Promise<Result<Command, string>> {
  const parsed = parse(text);
  if (!parsed.ok) return err(parsed.error.message);
  const [account] = snapshot.accounts;
  if (account === undefined) return err('the engine has no account; start it with one');
  let wanted: InstrumentId | undefined;
  const around = {
    account: account.account,
    instruments: snapshot.instruments,
    instrumentOfOrder: (id: ClientOrderId) =>
      snapshot.orders.find(({ clientOrderId }) => clientOrderId === id)?.instrument,
  };
  const first = resolve(parsed.value, {
    ...around,
    quote: (instrument) => {
      wanted = instrument;
      return undefined;
    },
  });
  if (first.ok) return ok(first.value);
  if (wanted === undefined) return err(first.error.message);
  const quote = await quoteOf(wanted);
  const second = resolve(parsed.value, { ...around, quote: () => quote && asQuote(quote) });
  return second.ok ? ok(second.value) : err(second.error.message);
}

function asQuote(message: QuoteMessage): Quote {
  const { instrument, bid, bidQuantity, ask, askQuantity, at } = message;
  return {
    instrument,
    tsEvent: at,
    ...(bid !== undefined && bidQuantity !== undefined && { bid, bidQuantity }),
    ...(ask !== undefined && askQuantity !== undefined && { ask, askQuantity }),
  };
}
