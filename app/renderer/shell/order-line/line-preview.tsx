import type { ReactNode } from 'react';
import type { OrderTerms } from '../../../engine/domain/order.ts';
import { notionalScale, type Instrument } from '../../../engine/domain/instrument.ts';
import { notional } from '../../../engine/domain/price.ts';
import type { LineMeaning } from '../../commands/order-line.ts';
import type { OrderPlan } from '../../commands/order-plan.ts';
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
import type { PaletteItem } from './palette.ts';
import { environmentWords } from '../environment-words.ts';

/** The order whose verdict is asked: of the chosen command, else of the line. */
export function submittedTerms(
  meaning: LineMeaning,
  plan: OrderPlan | undefined,
): OrderTerms | undefined {
  const planned = plan?.kind === 'send' ? plan.commands[0]?.command : undefined;
  const written = meaning.kind === 'command' ? meaning.command : undefined;
  const command = plan === undefined ? written : planned;
  return command?.type === 'SubmitOrder' ? command.terms : undefined;
}

/** What Enter would do, in words, before it does; or what is wrong with the line and where. */
export function LinePreview({
  text,
  meaning,
  verdict,
  blocked,
  sent,
  item,
  plan,
}: {
  readonly text: string;
  readonly meaning: LineMeaning;
  readonly verdict: Verdict | undefined;
  readonly blocked: string | undefined;
  readonly sent: { readonly ok: boolean; readonly text: string } | undefined;
  /** What was chosen by its name; the line is no order then. */
  readonly item: PaletteItem | undefined;
  /** What choosing it would send. */
  readonly plan: OrderPlan | undefined;
}): ReactNode {
  const instruments = useFeed((state) => state.instruments);
  const named = item !== undefined;
  return (
    <div className="pv" data-testid="order-preview" aria-live="polite">
      {named && <ItemPreview item={item} plan={plan} verdict={verdict} />}
      {!named && meaning.kind === 'empty' && <Idle sent={sent} text={text} />}
      {!named && meaning.kind === 'error' && <Wrong text={text} meaning={meaning} />}
      {!named && meaning.kind === 'command' && meaning.command.type === 'SubmitOrder' && (
        <OrderPreview terms={meaning.command.terms} verdict={verdict} blocked={blocked} />
      )}
      {!named && meaning.kind === 'command' && meaning.command.type !== 'SubmitOrder' && (
        <div className="pv-line">
          <b>{commandWords(meaning.command, instruments)}</b>
        </div>
      )}
    </div>
  );
}

function ItemPreview({
  item,
  plan,
  verdict,
}: {
  readonly item: PaletteItem;
  readonly plan: OrderPlan | undefined;
  readonly verdict: Verdict | undefined;
}): ReactNode {
  if (plan !== undefined) return <PlanPreview plan={plan} verdict={verdict} />;
  return (
    <div className="pv-line">
      <b>{item.text}</b>
      <span className="t2">{item.detail}</span>
    </div>
  );
}

/** What an order command would send now, with the account and the environment it would go to. */
export function PlanPreview({
  plan,
  verdict,
}: {
  readonly plan: OrderPlan;
  readonly verdict: Verdict | undefined;
}): ReactNode {
  const instruments = useFeed((state) => state.instruments);
  const environment = useHost((state) => state.environment);
  if (plan.kind === 'nothing') return <VerdictLine verdict={undefined} blocked={plan.reason} />;
  return plan.commands.map(({ lock, command }) =>
    command.type === 'SubmitOrder' ? (
      <OrderPreview key={lock} terms={command.terms} verdict={verdict} blocked={undefined} />
    ) : (
      <div key={lock} className="pv-line">
        <b>{commandWords(command, instruments)}</b>
        <span className="spacer t2">{'account' in command && command.account}</span>
        {environment !== undefined && (
          <span className="mode">{environmentWords(environment).tag}</span>
        )}
      </div>
    ),
  );
}

function Idle({
  sent,
  text,
}: {
  readonly text: string;
  readonly sent: { readonly ok: boolean; readonly text: string } | undefined;
}): ReactNode {
  if (sent === undefined) {
    const hint =
      text === ''
        ? 'Type an order, or the name of a command, panel or instrument. Nothing is sent before Enter.'
        : 'Choose with the arrow keys: what sends is never chosen by itself.';
    return <span className="t3">{hint}</span>;
  }
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
