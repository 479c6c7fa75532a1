import { useCallback, useMemo, useState, type ReactNode } from 'react';
import {
  isDoubtful,
  outcomeClass,
  type OrderEvidence,
} from '../../../engine/domain/order-evidence.ts';
import type { Order } from '../../../engine/domain/order.ts';
import { useCommands, useRegister } from '../../commands/commands-context.tsx';
import type { DeskCommand } from '../../commands/command-registry.ts';
import { quantityText } from '../../format/number-text.ts';
import { statusWords } from '../../format/order-words.ts';
import { ageText } from '../../format/time-text.ts';
import { useDesk, useLink, useTrade } from '../../state/desk.tsx';
import { Keys, Say } from '../../ui/controls.tsx';
import { StatusSign } from '../../ui/status-sign.tsx';
import { useNow } from '../../ui/use-now.ts';
import { OrderChain } from './order-chain.tsx';
import { OurView } from './our-view.tsx';
import { Sources } from './sources.tsx';
import './order-truth.css';

/** The chord that asks again. */
const ASK = 'Alt+Q';
/** Doubtful orders listed. */
const MOST_DOUBTFUL = 50;

const CLASS_WORDS = { Confirmed: 'ok', Refused: 'bad', Unknown: 'warn' } as const;

/** What is known of an order, by whom, how old, and where they differ. */
export function OrderTruth(): ReactNode {
  const desk = useDesk();
  const { actions } = useCommands();
  const replica = useTrade((state) => state.replica);
  const chosen = useLink((state) => state.order);
  const [askedAt, setAskedAt] = useState<ReadonlyMap<string, number>>(new Map());
  const doubtful = useMemo(
    () => doubtfulOf(replica.orders, replica.evidence),
    [replica.orders, replica.evidence],
  );
  const shown = (chosen && replica.orders.get(chosen)) ?? doubtful[0];
  const ask = useCallback(() => {
    const order = shown;
    if (order === undefined) return;
    actions.query(order);
    setAskedAt((before) => new Map(before).set(order.clientOrderId, Date.now() * 1000));
  }, [actions, shown]);
  useRegister(
    useMemo(
      (): readonly DeskCommand[] => [
        {
          id: 'order-truth.ask',
          title: 'Ask the venue about the shown order',
          keys: [ASK],
          scope: 'desk',
          order: false,
          run: ask,
        },
      ],
      [ask],
    ),
  );
  return (
    <div className="panel order-truth" tabIndex={0} role="group" aria-label="Order truth">
      <Doubtful
        orders={doubtful}
        shown={shown}
        onChoose={(order) => desk.link.selectOrder(order.clientOrderId)}
      />
      {shown === undefined ? (
        <Say
          icon="check"
          title="No order is chosen"
          text="Choose one in Orders. Orders that are Unknown or that differ from what the venue says appear here by themselves."
        />
      ) : (
        <Truth order={shown} askedAt={askedAt.get(shown.clientOrderId)} onAsk={ask} />
      )}
    </div>
  );
}

function Doubtful({
  orders,
  shown,
  onChoose,
}: {
  readonly orders: readonly Order[];
  readonly shown: Order | undefined;
  readonly onChoose: (order: Order) => void;
}): ReactNode {
  const instruments = useTrade((state) => state.replica.instruments);
  const now = useNow(500) * 1000;
  if (orders.length === 0) {
    return (
      <div className="bar t3" data-testid="truth-doubtful" data-count="0">
        No order is Unknown, none differs
      </div>
    );
  }
  return (
    <div className="doubtful" data-testid="truth-doubtful" data-count={orders.length}>
      <div className="colhead">Unknown or differing: {orders.length}</div>
      {orders.map((order) => {
        const instrument = instruments.get(order.instrument);
        return (
          <button
            key={order.clientOrderId}
            type="button"
            className={order === shown ? 'on' : ''}
            onClick={() => onChoose(order)}
          >
            <StatusSign {...statusWords(order)} />
            <span className={order.side === 'Buy' ? 'buy' : 'sell'}>{order.side}</span>
            <span>
              {instrument === undefined ? '' : quantityText(order.quantity, instrument)}{' '}
              {instrument?.symbol ?? order.instrument}
            </span>
            <span className="spacer t3">
              {order.unknownSince === undefined ? 'differs' : ageText(now - order.unknownSince)}
            </span>
          </button>
        );
      })}
    </div>
  );
}

function Truth({
  order,
  askedAt,
  onAsk,
}: {
  readonly order: Order;
  readonly askedAt: number | undefined;
  readonly onAsk: () => void;
}): ReactNode {
  const evidence = useTrade((state) => state.replica.evidence.get(order.clientOrderId));
  const instrument = useTrade((state) => state.replica.instruments.get(order.instrument));
  const outcome = outcomeClass(order);
  const statements = evidence?.statements ?? [];
  const answered = statements.find(({ source }) => source === 'Query')?.receivedAt ?? 0;
  const asking = askedAt !== undefined && answered < askedAt;
  return (
    <div className="truth-body" data-testid="truth-order" data-order={order.clientOrderId}>
      <div className="bar">
        <span className={`outcome ${CLASS_WORDS[outcome]}`} data-testid="truth-outcome">
          {outcome}
        </span>
        <span className="mono t3 id" title={order.clientOrderId}>
          {order.clientOrderId}
        </span>
        <span className="spacer">
          {asking && <span className="t3 asking">asking </span>}
          <button type="button" className="chip" onClick={onAsk} data-testid="truth-ask">
            Ask again <Keys chord={ASK} />
          </button>
        </span>
      </div>
      <div className="both">
        <OurView order={order} instrument={instrument} />
        <Sources order={order} statements={statements} instrument={instrument} />
      </div>
      <OrderChain order={order} />
    </div>
  );
}

/** Orders that are Unknown or differ from what a source said, the oldest doubt first. */
function doubtfulOf(
  orders: ReadonlyMap<string, Order>,
  evidence: ReadonlyMap<string, OrderEvidence>,
): readonly Order[] {
  const found = [...orders.values()].filter((order) =>
    isDoubtful(order, evidence.get(order.clientOrderId)?.statements ?? []),
  );
  const since = (order: Order): number => order.unknownSince ?? order.updatedAt;
  return found.toSorted((left, right) => since(left) - since(right)).slice(0, MOST_DOUBTFUL);
}
