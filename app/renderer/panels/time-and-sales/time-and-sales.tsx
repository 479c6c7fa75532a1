import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { ViewCommand } from '../../commands/command-registry.ts';
import { useRegister } from '../../commands/commands-context.tsx';
import { useDesk, useFeed, useLinkedInstrument } from '../../state/desk.tsx';
import { usePanelState } from '../../state/panel-state.ts';
import { usePassKeyboard } from '../../ui/keyboard-place.ts';
import { WaitingPanel } from '../../ui/waiting-panel.tsx';
import { TapeView } from './tape-view.ts';
import './time-and-sales.css';

/** Every public trade of the linked instrument, newest first. */
export function TimeAndSales(): ReactNode {
  const instrument = useLinkedInstrument();
  const jumps = useFeed((state) => state.jumps);
  if (instrument === undefined) {
    return <WaitingPanel title="No trades yet" text="They appear when the feed connects." />;
  }
  return <InstrumentTape key={`${instrument.id} ${jumps}`} instrument={instrument} />;
}

function InstrumentTape({ instrument }: { readonly instrument: Instrument }): ReactNode {
  const desk = useDesk();
  // Other rules of the venue take no trade off the tape.
  const [drawn] = useState(instrument);
  const host = useRef<HTMLDivElement>(null);
  usePassKeyboard(host);
  const buys = useRef<HTMLSpanElement>(null);
  const sells = useRef<HTMLSpanElement>(null);
  const meter = useRef<HTMLElement>(null);
  const rate = useRef<HTMLSpanElement>(null);
  const tape = useRef<TapeView>(undefined);
  const [orders, keepOrders] = usePanelState('orders', (kept) => kept === true);
  const toggle = (): void => keepOrders(!orders);
  useOrdersCommand(toggle);
  useEffect(() => {
    if (host.current === null) return undefined;
    const view = new TapeView(host.current, drawn);
    tape.current = view;
    const leave = desk.feed.market.onTrades(drawn.id, (batch) => {
      view.add(batch);
      const strength = view.model.strength();
      if (strength === undefined) return;
      const { buyPercent, trades } = strength;
      if (buys.current !== null) buys.current.textContent = `${buyPercent} %`;
      if (sells.current !== null) sells.current.textContent = `${100 - buyPercent} %`;
      if (meter.current !== null) meter.current.style.width = `${buyPercent}%`;
      if (rate.current !== null) rate.current.textContent = `${trades}/min`;
    });
    return () => {
      leave();
      view[Symbol.dispose]();
    };
  }, [desk, drawn]);
  useEffect(() => tape.current?.showOrders(orders), [orders, drawn]);
  return (
    <div className="panel tape-panel">
      <div className="bar" title="Share of the last minute's volume that buyers and sellers took">
        <span className="gauge">
          <span className="buy" ref={buys} />
          <span className="m">
            <i ref={meter} />
            <i />
          </span>
          <span className="sell" ref={sells} />
        </span>
        <span className="t3" ref={rate} />
        <button
          type="button"
          className={`chip${orders ? ' on' : ''}`}
          aria-pressed={orders}
          title="Fills of one order as one line: of one side and one time, at prices that go no better (G)"
          onClick={toggle}
        >
          Orders
        </button>
      </div>
      <div className="tk colhead" aria-hidden="true">
        <span>Time</span>
        <span />
        <span className="r">Price</span>
        <span className="r">Size</span>
      </div>
      <div
        className="tape"
        ref={host}
        role="log"
        aria-label="Trades"
        aria-live="off"
        tabIndex={0}
      />
    </div>
  );
}

/** The key of the button; registered once, however often the panel is drawn. */
function useOrdersCommand(toggle: () => void): void {
  const newest = useRef(toggle);
  useLayoutEffect(() => {
    newest.current = toggle;
  });
  const [commands] = useState((): readonly ViewCommand[] => [
    {
      id: 'tape.orders',
      title: 'Tape by the orders that took, or trade by trade',
      keys: ['G'],
      scope: 'time-and-sales',
      order: false,
      run: () => newest.current(),
    },
  ]);
  useRegister(commands);
}
