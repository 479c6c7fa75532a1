import { useEffect, useRef, type ReactNode } from 'react';
import { notionalScale, type Instrument } from '../../../engine/domain/instrument.ts';
import type { Position } from '../../../engine/domain/account.ts';
import { useArming } from '../../commands/use-arming.ts';
import { moneyText, quantityText, ticksText } from '../../format/number-text.ts';
import { averagePriceText } from '../../format/order-words.ts';
import { useDesk, useTrade } from '../../state/desk.tsx';
import { heldQuantity } from '../../state/held.ts';
import { marketStatusWords } from '../../state/market-status.ts';
import { exitPrice, openResult } from '../../state/results.ts';
import { Badge } from '../../ui/controls.tsx';
import { Padlock } from '../../ui/padlock.tsx';

/** Position, average, open result and spread; the figures that move are written without React. */
export function LadderHead({ instrument }: { readonly instrument: Instrument }): ReactNode {
  const desk = useDesk();
  const position = useTrade((state) =>
    state.replica.positions.find((held) => held.instrument === instrument.id),
  );
  const status = marketStatusWords(instrument);
  const arming = useArming();
  const open = useRef<HTMLSpanElement>(null);
  const spread = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      desk.feed.market.onQuote(instrument.id, (quote) => {
        if (spread.current !== null) {
          const { bid, ask } = quote;
          const known = bid !== undefined && ask !== undefined;
          spread.current.textContent = known
            ? `Spread ${ticksText(ask - bid, instrument)}`
            : 'No spread';
        }
        if (open.current === null || position === undefined) return;
        const exit = exitPrice(position, quote);
        const result = exit === undefined ? undefined : openResult(position, exit);
        open.current.textContent =
          result === undefined
            ? 'not known'
            : moneyText(result, notionalScale(instrument), 'signed');
        const stale = result !== undefined && quote.state !== 'Live';
        open.current.className = stale ? 'stale-mark' : resultClass(result);
      }),
    [desk, instrument, position],
  );
  return (
    <div className="bar dom-head">
      {position === undefined || heldQuantity(position, instrument) === 0 ? (
        <span className="t3">No position</span>
      ) : (
        <HeldPosition position={position} instrument={instrument}>
          <span ref={open} />
        </HeldPosition>
      )}
      <span className="spacer t3" ref={spread} />
      {status !== undefined && (
        <Badge word={status.word} why={`${instrument.symbol} ${status.text}`} />
      )}
      <Padlock {...arming} />
    </div>
  );
}

function resultClass(result: bigint | undefined): string {
  if (result === undefined || result === 0n) return 'none';
  return result > 0n ? 'up' : 'down';
}

function HeldPosition({
  position,
  instrument,
  children,
}: {
  readonly position: Position;
  readonly instrument: Instrument;
  readonly children: ReactNode;
}): ReactNode {
  const long = position.quantity > 0;
  return (
    <>
      <span className={long ? 'buy' : 'sell'}>{long ? 'Long' : 'Short'}</span>
      <b className="pos">{quantityText(heldQuantity(position, instrument), instrument)}</b>
      <span className="average">
        at {averagePriceText(position.openCost, position.quantity, instrument)}
      </span>
      {children}
      <span className="t3">at {long ? 'bid' : 'ask'}</span>
    </>
  );
}
