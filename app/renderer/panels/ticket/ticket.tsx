import { useEffect, useMemo, useRef, useState, type FormEvent, type ReactNode } from 'react';
import type { AccountId } from '../../../engine/domain/identifiers.ts';
import { notionalScale, type Instrument } from '../../../engine/domain/instrument.ts';
import type { OrderTerms, OrderType, TimeInForce } from '../../../engine/domain/order.ts';
import { notional, type Price, type Quantity } from '../../../engine/domain/price.ts';
import { useCommands } from '../../commands/commands-context.tsx';
import { useOrderGate } from '../../commands/order-gate.ts';
import { useVerdict } from '../../commands/use-verdict.ts';
import {
  editText,
  moneyText,
  priceDecimals,
  priceText,
  quantityDecimals,
  shortQuantity,
} from '../../format/number-text.ts';
import { termsWords } from '../../format/order-words.ts';
import { useDesk, useLink, useLinkedInstrument, useTrade } from '../../state/desk.tsx';
import { feeEstimate } from '../../state/fee-estimate.ts';
import { defaultSize, sizePresets } from '../../state/sizes.ts';
import { Check, Say, Segments } from '../../ui/controls.tsx';
import { hasPrice, hasStop, nudged, termsOf, type TicketDraft } from './ticket-draft.ts';
import { NumberField } from './ticket-fields.tsx';
import { TicketVerdict } from './ticket-verdict.tsx';
import './ticket.css';

const TYPES: readonly { readonly value: OrderType; readonly label: string }[] = [
  { value: 'Limit', label: 'Limit' },
  { value: 'Market', label: 'Market' },
  { value: 'Stop', label: 'Stop' },
  { value: 'StopLimit', label: 'Stop limit' },
];
const FORCES: readonly { readonly value: TimeInForce; readonly label: string }[] = [
  { value: 'GTC', label: 'GTC' },
  { value: 'IOC', label: 'IOC' },
  { value: 'FOK', label: 'FOK' },
];

/** The order ticket of the linked instrument. */
export function Ticket(): ReactNode {
  const instrument = useLinkedInstrument();
  if (instrument === undefined) {
    return <Say icon="plug" title="No instrument" text="Orders wait for the feed to connect." />;
  }
  return <InstrumentTicket key={instrument.id} instrument={instrument} />;
}

function emptyDraft(): TicketDraft {
  return {
    side: 'Buy',
    type: 'Limit',
    quantity: '',
    price: '',
    stopPrice: '',
    timeInForce: 'GTC',
    postOnly: false,
    reduceOnly: false,
  };
}

function InstrumentTicket({ instrument }: { readonly instrument: Instrument }): ReactNode {
  const desk = useDesk();
  const { actions } = useCommands();
  const [draft, setDraft] = useState<TicketDraft>(emptyDraft);
  const [presets, setPresets] = useState<readonly Quantity[]>([]);
  const [sending, setSending] = useState(false);
  const size = useLink((state) => state.sizes.get(instrument.id));
  const { account, gate } = useOrderGate(instrument);
  const priceDigits = priceDecimals(instrument);
  const change = (part: Partial<TicketDraft>): void => setDraft((now) => ({ ...now, ...part }));
  const priceField = (price: Price): string => editText(price, instrument.priceScale, priceDigits);

  useEffect(() => {
    let ended = false;
    const end = desk.feed.market.onQuote(instrument.id, (quote) => {
      const first = quote.bid ?? quote.last;
      if (ended || first === undefined) return;
      ended = true;
      setPresets(sizePresets(instrument, quote.last ?? first));
      setDraft((now) =>
        now.price === ''
          ? { ...now, price: editText(first, instrument.priceScale, priceDigits) }
          : now,
      );
      if (desk.link.store.getState().sizes.get(instrument.id) === undefined) {
        desk.link.setSize(instrument.id, defaultSize(instrument, quote.last ?? first));
      }
    });
    return end;
  }, [desk, instrument, priceDigits]);

  useEffect(() => {
    if (size === undefined) return;
    const text = editText(size, instrument.quantityScale, quantityDecimals(instrument));
    setDraft((now) => ({ ...now, quantity: text }));
  }, [size, instrument]);

  const made = useMemo(
    () => termsOf(draft, instrument, account ?? ('' as AccountId)),
    [draft, instrument, account],
  );
  const terms = made.ok && account !== undefined ? made.value : undefined;
  const verdict = useVerdict(terms);
  const wrong = (field: string): string | undefined =>
    !made.ok && made.error.field === field ? made.error.message : undefined;
  const canSend = terms !== undefined && gate.open && verdict?.ok !== false && !sending;
  const words = terms === undefined ? 'Not an order yet' : termsWords(terms, instrument);

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (!canSend) return;
    const sent = actions.submit('ticket', terms);
    if (sent === undefined) return;
    setSending(true);
    void sent.finally(() => setSending(false));
  };
  const nudgeQuantity = (steps: number): void => {
    const step =
      instrument.stepSize *
      10 ** Math.max(0, Math.floor(Math.log10((size ?? 1) / instrument.stepSize)));
    const next = Math.max(instrument.minQuantity, (size ?? 0) + steps * step);
    desk.link.setSize(instrument.id, next as Quantity);
  };
  const nudgePrice = (field: 'price' | 'stopPrice', ticks: number): void => {
    const moved = nudged(draft[field], ticks, instrument);
    if (moved !== undefined) change({ [field]: priceField(moved) });
  };
  return (
    <form
      className="panel ticket"
      aria-label={`Order ticket ${instrument.symbol}`}
      onSubmit={onSubmit}
      onKeyDown={(event) => {
        // A held Enter is one order, not thirty a second.
        if (event.key === 'Enter' && event.repeat) event.preventDefault();
      }}
    >
      <Sides instrument={instrument} side={draft.side} onSide={(side) => change({ side })} />
      <div className="row">
        <span className="t3">Type</span>
        <Segments
          label="Order type"
          options={TYPES}
          value={draft.type}
          onChange={(type) => change({ type })}
        />
      </div>
      <NumberField
        label="Quantity"
        unit={instrument.base}
        value={draft.quantity}
        error={wrong('quantity')}
        onChange={(quantity) => change({ quantity })}
        onNudge={nudgeQuantity}
      />
      <div className="row">
        <span />
        <div className="presets" role="group" aria-label="Sizes">
          {presets.map((preset) => (
            <button
              key={preset}
              type="button"
              tabIndex={-1}
              className={`chip${preset === size ? ' on' : ''}`}
              aria-pressed={preset === size}
              onClick={() => desk.link.setSize(instrument.id, preset)}
            >
              {shortQuantity(preset, instrument)}
            </button>
          ))}
        </div>
      </div>
      {hasStop(draft.type) && (
        <NumberField
          label="Trigger"
          unit={instrument.quote}
          value={draft.stopPrice}
          error={wrong('stopPrice')}
          onChange={(stopPrice) => change({ stopPrice })}
          onNudge={(ticks) => nudgePrice('stopPrice', ticks)}
        />
      )}
      {hasPrice(draft.type) && (
        <NumberField
          label="Price"
          unit={instrument.quote}
          value={draft.price}
          error={wrong('price')}
          onChange={(price) => change({ price })}
          onNudge={(ticks) => nudgePrice('price', ticks)}
        />
      )}
      <div className="row">
        <span className="t3">In force</span>
        <div className="ctl">
          <Segments
            label="In force"
            options={FORCES}
            value={draft.timeInForce}
            onChange={(timeInForce) => change({ timeInForce })}
          />
        </div>
      </div>
      <div className="row">
        <span className="t3">Only</span>
        <div className="ctl">
          {draft.type === 'Limit' && (
            <Check
              label="Post"
              checked={draft.postOnly}
              onChange={(postOnly) => change({ postOnly })}
            />
          )}
          <Check
            label="Reduce"
            checked={draft.reduceOnly}
            onChange={(reduceOnly) => change({ reduceOnly })}
          />
        </div>
      </div>
      <Cost terms={terms} instrument={instrument} />
      <TicketVerdict
        gate={gate}
        verdict={verdict}
        draftError={made.ok ? undefined : made.error.message}
      />
      <button
        type="submit"
        className={`submit ${draft.side.toLowerCase()}${canSend ? '' : ' no'}`}
        data-testid="ticket-send"
        disabled={!canSend}
        title={gate.open ? undefined : gate.reason}
      >
        {words}
        {canSend && <kbd>Enter</kbd>}
      </button>
    </form>
  );
}

function Sides({
  instrument,
  side,
  onSide,
}: {
  readonly instrument: Instrument;
  readonly side: TicketDraft['side'];
  readonly onSide: (side: TicketDraft['side']) => void;
}): ReactNode {
  const desk = useDesk();
  const bid = useRef<HTMLElement>(null);
  const ask = useRef<HTMLElement>(null);
  useEffect(
    () =>
      desk.feed.market.onQuote(instrument.id, (quote) => {
        const show = (
          element: HTMLElement | null,
          price: Price | undefined,
          word: string,
        ): void => {
          if (element === null) return;
          element.textContent = price === undefined ? word : priceText(price, instrument);
        };
        show(bid.current, quote.bid, 'no bid');
        show(ask.current, quote.ask, 'no offer');
      }),
    [desk, instrument],
  );
  return (
    <div className="sides" role="radiogroup" aria-label="Side">
      <button
        type="button"
        role="radio"
        aria-checked={side === 'Buy'}
        className={side === 'Buy' ? 'on buy-side' : ''}
        onClick={() => onSide('Buy')}
      >
        <b>Buy</b>
        <em ref={bid} />
      </button>
      <button
        type="button"
        role="radio"
        aria-checked={side === 'Sell'}
        className={side === 'Sell' ? 'on sell-side' : ''}
        onClick={() => onSide('Sell')}
      >
        <em ref={ask} />
        <b>Sell</b>
      </button>
    </div>
  );
}

function Cost({
  terms,
  instrument,
}: {
  readonly terms: OrderTerms | undefined;
  readonly instrument: Instrument;
}): ReactNode {
  const fills = useTrade((state) => state.replica.fills);
  const desk = useDesk();
  const quote = desk.feed.market.quote(instrument.id);
  const touch = terms?.side === 'Buy' ? quote?.ask : quote?.bid;
  const at = terms?.price ?? terms?.stopPrice ?? touch;
  const value = terms === undefined || at === undefined ? undefined : notional(at, terms.quantity);
  const scale = notionalScale(instrument);
  const fee = (liquidity: 'Maker' | 'Taker'): string => {
    if (value === undefined) return 'not known';
    const estimate = feeEstimate(undefined, fills, instrument, liquidity, value);
    return estimate === undefined ? 'not known yet' : moneyText(estimate.amount, scale);
  };
  const figure = (text: string): ReactNode => (
    <dd className={text.startsWith('not') ? 'none' : ''}>{text}</dd>
  );
  return (
    <dl className="cost">
      <dt>Account</dt>
      {figure(terms?.account ?? 'not connected')}
      {terms?.stopPrice !== undefined && (
        <>
          <dt>Triggered by</dt>
          {figure('last price')}
        </>
      )}
      <dt>Notional, {instrument.quote}</dt>
      {figure(value === undefined ? 'not known' : moneyText(value, scale))}
      <dt>Fee if maker</dt>
      {figure(fee('Maker'))}
      <dt>Fee if taker</dt>
      {figure(fee('Taker'))}
    </dl>
  );
}
