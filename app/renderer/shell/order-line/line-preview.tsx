import type { ReactNode } from 'react';
import type { OrderTerms } from '../../../engine/domain/order.ts';
import { notionalScale, type Instrument } from '../../../engine/domain/instrument.ts';
import { notional } from '../../../engine/domain/price.ts';
import type { LineMeaning } from '../../commands/order-line.ts';
import {
  moneyText,
  priceText,
  quantityText,
  shortQuantity,
  ticksText,
} from '../../format/number-text.ts';
import { conditionWords, typeWords } from '../../format/order-words.ts';
import { workingOrders } from '../../state/account-replica.ts';
import { useDesk, useFeed, useHost, useTrade } from '../../state/desk.tsx';
import type { Verdict } from '../../state/trade-session.ts';
import { Icon } from '../../ui/icons.tsx';
import { commandWords } from './command-words.ts';
import { environmentWords } from '../environment-words.ts';

/** What a line would do, in words, before Enter; or what is wrong with it and where. */
export function LinePreview({
  text,
  meaning,
  verdict,
  blocked,
  sent,
}: {
  readonly text: string;
  readonly meaning: LineMeaning;
  readonly verdict: Verdict | undefined;
  readonly blocked: string | undefined;
  readonly sent: { readonly ok: boolean; readonly text: string } | undefined;
}): ReactNode {
  const instruments = useFeed((state) => state.instruments);
  return (
    <div className="pv" data-testid="order-preview" aria-live="polite">
      {meaning.kind === 'empty' && <Idle sent={sent} />}
      {meaning.kind === 'error' && <Wrong text={text} meaning={meaning} />}
      {meaning.kind === 'command' && meaning.command.type === 'SubmitOrder' && (
        <OrderPreview terms={meaning.command.terms} verdict={verdict} blocked={blocked} />
      )}
      {meaning.kind === 'command' && meaning.command.type !== 'SubmitOrder' && (
        <div className="pv-line">
          <b>{commandWords(meaning.command, instruments)}</b>
        </div>
      )}
    </div>
  );
}

function Idle({
  sent,
}: {
  readonly sent: { readonly ok: boolean; readonly text: string } | undefined;
}): ReactNode {
  if (sent === undefined)
    return <span className="t3">Type an order; nothing is sent before Enter.</span>;
  return (
    <span className={sent.ok ? 'ok' : 'bad'} data-testid="order-result">
      {sent.text}
    </span>
  );
}

function Wrong({
  text,
  meaning,
}: {
  readonly text: string;
  readonly meaning: Extract<LineMeaning, { kind: 'error' }>;
}): ReactNode {
  const at = meaning.column - 1;
  const word = /^\S*/.exec(text.slice(at))?.[0] ?? '';
  return (
    <>
      <div className="mono echo">
        {text.slice(0, at)}
        <mark>{word === '' ? '\u2423' : word}</mark>
        {text.slice(at + word.length)}
      </div>
      <div className="verdict-line warn">
        <Icon name="info" />
        <span>
          Column {meaning.column}: {meaning.message}
        </span>
      </div>
    </>
  );
}

function OrderPreview({
  terms,
  verdict,
  blocked,
}: {
  readonly terms: OrderTerms;
  readonly verdict: Verdict | undefined;
  readonly blocked: string | undefined;
}): ReactNode {
  const environment = useHost((state) => state.environment);
  const instrument = useFeed((state) =>
    state.instruments.find((candidate) => candidate.id === terms.instrument),
  );
  if (instrument === undefined) return null;
  const price = terms.price === undefined ? 'market' : priceText(terms.price, instrument);
  return (
    <>
      <div className="pv-line">
        <span className={`side ${terms.side.toLowerCase()}-fill`}>{terms.side.toUpperCase()}</span>
        <b>
          {shortQuantity(terms.quantity, instrument)} {instrument.symbol}
        </b>
        {typeWords(terms.type).toLowerCase()}
        {terms.stopPrice !== undefined && <b>{priceText(terms.stopPrice, instrument)}</b>}
        {terms.price !== undefined && <b>{price}</b>}
        <span className="t2">{conditionWords(terms, instrument)}</span>
        <span className="spacer t2">{terms.account}</span>
        {environment !== undefined && (
          <span className="mode">{environmentWords(environment).tag}</span>
        )}
      </div>
      <Figures terms={terms} instrument={instrument} />
      <VerdictLine verdict={verdict} blocked={blocked} />
    </>
  );
}

function Figures({
  terms,
  instrument,
}: {
  readonly terms: OrderTerms;
  readonly instrument: Instrument;
}): ReactNode {
  const desk = useDesk();
  const replica = useTrade((state) => state.replica);
  const quote = desk.feed.market.quote(instrument.id);
  const touch = terms.side === 'Buy' ? quote?.ask : quote?.bid;
  const at = terms.price ?? terms.stopPrice ?? touch;
  const value = at === undefined ? undefined : notional(at, terms.quantity);
  const position = replica.positions.find((held) => held.instrument === instrument.id);
  const open = workingOrders(replica).length;
  const figures: readonly (readonly [string, string])[] = [
    [
      `Notional, ${instrument.quote}`,
      value === undefined ? 'not known' : moneyText(value, notionalScale(instrument)),
    ],
    [terms.side === 'Buy' ? 'Best offer' : 'Best bid', textOf(touch, instrument)],
    ['Against the touch', distance(terms, touch, instrument)],
    [
      'Position now',
      position === undefined || position.quantity === 0
        ? 'none'
        : quantityText(position.quantity, instrument, 'signed'),
    ],
    [
      'Open orders',
      `${open}${replica.limits === undefined ? '' : ` of ${replica.limits.maxOpenOrders}`}`,
    ],
  ];
  return (
    <div className="pv-grid">
      {figures.map(([label, figure]) => (
        <span key={label}>
          <label>{label}</label>
          <b>{figure}</b>
        </span>
      ))}
    </div>
  );
}

function textOf(price: OrderTerms['price'], instrument: Instrument): string {
  return price === undefined ? 'none' : priceText(price, instrument);
}

function distance(terms: OrderTerms, touch: OrderTerms['price'], instrument: Instrument): string {
  if (terms.price === undefined) return 'takes';
  if (touch === undefined) return 'not known';
  const away = terms.side === 'Buy' ? touch - terms.price : terms.price - touch;
  if (away <= 0) return 'crosses';
  return `${ticksText(away, instrument)} ${away === instrument.tickSize ? 'tick' : 'ticks'} off`;
}

function VerdictLine({
  verdict,
  blocked,
}: {
  readonly verdict: Verdict | undefined;
  readonly blocked: string | undefined;
}): ReactNode {
  if (blocked !== undefined) {
    return (
      <div className="verdict-line warn">
        <Icon name="lock" />
        <b>{blocked}</b>
        {verdict?.ok === false && <span>{verdict.message}</span>}
        <span className="t3">Enter sends nothing</span>
      </div>
    );
  }
  if (verdict === undefined) {
    return (
      <div className="verdict-line t3">
        <Icon name="clock" />
        Asking risk
      </div>
    );
  }
  return (
    <div className={`verdict-line ${verdict.ok ? 'ok' : 'bad'}`}>
      <Icon name={verdict.ok ? 'check' : 'x'} />
      <b>{verdict.ok ? 'Risk passes' : 'Would be denied'}</b>
      {!verdict.ok && <span>{verdict.message}</span>}
    </div>
  );
}
