import { useEffect, useState } from 'react';
import type { AccountId } from '../../engine/domain/identifiers.ts';
import type { Instrument } from '../../engine/domain/instrument.ts';
import type { DataState } from '../../engine/domain/market.ts';
import { accountOf } from '../state/account-replica.ts';
import { entryGate, type EntryGate } from '../state/entry-gate.ts';
import { useDesk, useTrade, type Desk } from '../state/desk.tsx';

/** The account and the gate for orders of an instrument, now. */
export interface OrderGate {
  readonly account: AccountId | undefined;
  readonly gate: EntryGate;
}

/** What the gate looks at. */
export interface GateSurroundings {
  readonly trade: Pick<Desk['trade'], 'store'>;
  readonly feed: { readonly market: Pick<Desk['feed']['market'], 'quote'> };
}

/** The gate as it is at this instant: what an action asks right before it sends. */
export function orderGateNow(desk: GateSurroundings, instrument: Instrument): OrderGate {
  const { replica, connection } = desk.trade.store.getState();
  const account = accountOf(replica, instrument);
  const data = desk.feed.market.quote(instrument.id)?.state;
  const connected = connection.phase === 'Open';
  return { account, gate: entryGate(replica, connected, account, instrument, data) };
}

/** The gate for orders of an instrument; renders when it changes. */
export function useOrderGate(instrument: Instrument): OrderGate {
  const desk = useDesk();
  const replica = useTrade((state) => state.replica);
  const connected = useTrade((state) => state.connection.phase === 'Open');
  const [data, setData] = useState<DataState | undefined>();
  useEffect(() => {
    setData(undefined);
    return desk.feed.market.onQuote(instrument.id, (quote) => setData(quote.state));
  }, [desk, instrument.id]);
  const account = accountOf(replica, instrument);
  return { account, gate: entryGate(replica, connected, account, instrument, data) };
}
