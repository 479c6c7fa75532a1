import {
  useEffect,
  useMemo,
  useRef,
  useState,
  type FormEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { flushSync } from 'react-dom';
import type { AccountId } from '../../../engine/domain/identifiers.ts';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { OrderType, TimeInForce } from '../../../engine/domain/order.ts';
import { quantity, type Price, type Quantity } from '../../../engine/domain/price.ts';
import type { ViewCommand } from '../../commands/command-registry.ts';
import { useCommands, useRegister } from '../../commands/commands-context.tsx';
import { useOrderGate } from '../../commands/order-gate.ts';
import { useArming } from '../../commands/use-arming.ts';
import { useVerdict } from '../../commands/use-verdict.ts';
import { fieldText, priceDecimals, quantityDecimals } from '../../format/number-text.ts';
import { termsWords } from '../../format/order-words.ts';
import { useDesk, useLink, useLinkedInstrument } from '../../state/desk.tsx';
import { defaultSize, sizePresets } from '../../state/sizes.ts';
import { ticketPreferencesOf, type TicketPreferences } from '../../state/ticket-preferences.ts';
import { Check, Segments } from '../../ui/controls.tsx';
import { usePassKeyboard } from '../../ui/keyboard-place.ts';
import { Padlock } from '../../ui/padlock.tsx';
import { useNow } from '../../ui/use-now.ts';
import { WaitingPanel } from '../../ui/waiting-panel.tsx';
import { Cost } from './ticket-cost.tsx';
import {
  EMPTY_DRAFT,
  hasPrice,
  hasStop,
  nudged,
  termsOf,
  type TicketDraft,
} from './ticket-draft.ts';
import { NumberField } from './ticket-fields.tsx';
import { MoreFields } from './ticket-more.tsx';
import type { DraftField } from './ticket-numbers.ts';
import { QuantityField } from './ticket-quantity.tsx';
import { Sides } from './ticket-sides.tsx';
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
/** Milliseconds between looks at the touch that an order without a price is reckoned with. */
const TOUCH_EVERY_MS = 500;

/** The order ticket of the linked instrument. */
export function Ticket(): ReactNode {
  const instrument = useLinkedInstrument();
  if (instrument === undefined) {
    return <WaitingPanel title="No instrument" text="Orders wait for the feed to connect." />;
  }
  return <InstrumentTicket key={instrument.id} instrument={instrument} />;
}

function InstrumentTicket({ instrument }: { readonly instrument: Instrument }): ReactNode {
  const { actions } = useCommands();
  const form = useRef<HTMLFormElement>(null);
  usePassKeyboard(form);
  const [draft, setDraft] = useState<TicketDraft>(EMPTY_DRAFT);
  const [sending, setSending] = useState(false);
  const [preferences, setPreferences] = usePreferences();
  const { account, gate } = useOrderGate(instrument);
  const arming = useArming();
  const touch = useTouch(instrument, draft.side);
  const change = (part: Partial<TicketDraft>): void => setDraft((now) => ({ ...now, ...part }));
  const presets = useStart(instrument, setDraft);
  useMnemonics(form, () => setPreferences({ ...preferences, more: true }));

  const made = useMemo(
    () => termsOf(draft, instrument, account ?? ('' as AccountId), touch),
    [draft, instrument, account, touch],
  );
  const terms = made.ok && account !== undefined ? made.value : undefined;
  const verdict = useVerdict(terms);
  const wrong = (field: DraftField): string | undefined =>
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
  const nudgePrice = (field: 'price' | 'stopPrice', ticks: number): void => {
    const moved = nudged(draft[field], ticks, instrument);
    if (moved === undefined) return;
    change({ [field]: fieldText(moved, instrument.priceScale, priceDecimals(instrument)) });
  };
  const priceField = (field: 'price' | 'stopPrice', label: string, letter: string): ReactNode => (
    <NumberField
      name={field}
      label={label}
      letter={letter}
      unit={instrument.quote}
      value={draft[field]}
      error={wrong(field)}
      onChange={(text) => change({ [field]: text })}
      onNudge={(ticks) => nudgePrice(field, ticks)}
    />
  );
  return (
    <form
      ref={form}
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
      <QuantityField
        draft={draft}
        terms={terms}
        touch={touch}
        instrument={instrument}
        presets={presets}
        error={wrong('quantity')}
        onChange={change}
      />
      {hasStop(draft.type) && priceField('stopPrice', 'Trigger', 'T')}
      {hasPrice(draft.type) && priceField('price', 'Price', 'P')}
      <div className="row">
        <span className="t3">In force</span>
        <div className="ctl">
          <Segments
            label="In force"
            options={FORCES}
            value={draft.timeInForce}
            onChange={(timeInForce) => change({ timeInForce })}
          />
          <span className="t3 spacer" title="The venue has no orders that expire at a time">
            no expiry
          </span>
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
          <span className="spacer">
            <Padlock {...arming} />
          </span>
        </div>
      </div>
      <MoreFields
        draft={draft}
        terms={terms}
        instrument={instrument}
        preferences={preferences}
        wrong={wrong}
        onChange={change}
        onPreferences={setPreferences}
      />
      <Cost terms={terms} account={account} touch={touch} instrument={instrument} />
      <div className="send">
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
      </div>
    </form>
  );
}

/** How the person has set up the ticket, and the way to change it: kept beside the layout. */
function usePreferences(): readonly [TicketPreferences, (preferences: TicketPreferences) => void] {
  const desk = useDesk();
  const [preferences, setPreferences] = useState(() =>
    ticketPreferencesOf(desk.workspaces.part('ticket')),
  );
  const save = (next: TicketPreferences): void => {
    setPreferences(next);
    const { more, templates } = next;
    desk.workspaces.setPart('ticket', { more, templates: templates.map((one) => ({ ...one })) });
  };
  return [preferences, save];
}

/** The price that an order of `side` would meet, looked at now and then: it need not move with every quote. */
function useTouch(instrument: Instrument, side: TicketDraft['side']): Price | undefined {
  const desk = useDesk();
  useNow(TOUCH_EVERY_MS);
  const quote = desk.feed.market.quote(instrument.id);
  return side === 'Buy' ? quote?.ask : quote?.bid;
}

/** Fills price and size from the first quote, follows the linked size, and gives the sizes offered. What was typed stays when the venue changes its rules. */
function useStart(
  instrument: Instrument,
  setDraft: (change: (now: TicketDraft) => TicketDraft) => void,
): readonly Quantity[] {
  const desk = useDesk();
  const { id } = instrument;
  const [first, setFirst] = useState<Price>();
  const size = useLink((state) => state.sizes.get(id));
  useEffect(() => {
    let ended = false;
    return desk.feed.market.onQuote(id, (quote) => {
      const rules = desk.feed.instrument(id);
      const price = quote.bid ?? quote.last;
      if (ended || price === undefined || rules === undefined) return;
      ended = true;
      setFirst(quote.last ?? price);
      const text = fieldText(price, rules.priceScale, priceDecimals(rules));
      setDraft((now) => (now.price === '' ? { ...now, price: text } : now));
      if (desk.link.store.getState().sizes.get(id) === undefined) {
        desk.link.setSize(id, defaultSize(rules, quote.last ?? price));
      }
    });
  }, [desk, id, setDraft]);
  useEffect(() => {
    const rules = desk.feed.instrument(id);
    if (size === undefined || rules === undefined) return;
    const text = fieldText(quantity(size), rules.quantityScale, quantityDecimals(rules));
    setDraft((now) => ({ ...now, unit: 'base', quantity: text }));
  }, [desk, id, size, setDraft]);
  return useMemo(
    () => (first === undefined ? [] : sizePresets(instrument, first)),
    [instrument, first],
  );
}

const MNEMONICS: readonly (readonly [key: string, field: DraftField, words: string])[] = [
  ['Alt+Q', 'quantity', 'Quantity'],
  ['Alt+P', 'price', 'Price'],
  ['Alt+T', 'stopPrice', 'Trigger'],
  ['Alt+W', 'display', 'Quantity to show'],
  ['Alt+R', 'takeProfit', 'Target of the bracket'],
  ['Alt+O', 'stopLoss', 'Stop of the bracket'],
  ['Alt+G', 'tag', 'Tag'],
];

/** Keys that bring the keyboard to a field while the ticket has it; `unfold` shows the second section. */
function useMnemonics(form: RefObject<HTMLFormElement | null>, unfold: () => void): void {
  const latest = useRef(unfold);
  useEffect(() => {
    latest.current = unfold;
  });
  useRegister(
    useMemo((): readonly ViewCommand[] => {
      const focus = (field: DraftField): void => {
        const input = form.current?.querySelector<HTMLElement>(`[data-field="${field}"]`);
        if (input?.closest('[hidden]')) flushSync(() => latest.current());
        input?.focus();
      };
      const fields = MNEMONICS.map(([key, field, words]): ViewCommand => ({
        id: `ticket.${field}`,
        title: words,
        keys: [key],
        scope: 'ticket',
        order: false,
        run: () => focus(field),
      }));
      const fold = (): void => form.current?.querySelector<HTMLElement>('.fold')?.click();
      return [
        ...fields,
        {
          id: 'ticket.more',
          title: 'More of the order',
          keys: ['Alt+M'],
          scope: 'ticket',
          order: false,
          run: fold,
        },
      ];
    }, [form]),
  );
}
