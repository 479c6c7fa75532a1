import type { ClientOrderId } from '../../domain/identifiers.ts';
import type { Effect } from '../../domain/input.ts';
import { isTerminal, type Order } from '../../domain/order.ts';
import type { NotSent } from '../../domain/venue-report.ts';
import type { KernelView } from '../../kernel/view.ts';

/** An effect that leaves the process. */
export type Intent = Exclude<Effect, { readonly type: 'Publish' | 'SetTimer' }>;

type Unsent = Pick<NotSent, 'clientOrderId' | 'instrument' | 'request' | 'replacement'>;

interface Held {
  readonly intent: Intent;
  /** The journal's sequence that must survive a loss of power first. */
  readonly sequence: number;
}

/** Holds intents that add risk until their record survives the loss of power; everything else leaves at once, but never before the order it is about. */
export class IntentGate {
  readonly #send: (intent: Intent) => void;
  readonly #held: Held[] = [];

  constructor(send: (intent: Intent) => void) {
    this.#send = send;
  }

  /** Sends an intent, or keeps it until `onDurable` reaches `sequence` when it `mustWait`. */
  pass(intent: Intent, sequence: number, mustWait: boolean): void {
    if (mustWait || this.#follows(intent)) this.#held.push({ intent, sequence });
    else this.#send(intent);
  }

  /** Forgets everything that waits and gives it, in order. */
  withdraw(): readonly Intent[] {
    return this.#held.splice(0).map(({ intent }) => intent);
  }

  /** Records up to `durableSequence` survive the loss of power: what waited for them leaves, in order. */
  onDurable(durableSequence: number): void {
    while ((this.#held[0]?.sequence ?? Infinity) <= durableSequence) {
      const next = this.#held.shift();
      if (next !== undefined) this.#send(next.intent);
    }
  }

  /** Gives up what waits and gives back what was to leave: it never will. */
  drop(): readonly Intent[] {
    return this.#held.splice(0).map(({ intent }) => intent);
  }

  /** True when an order that `intent` is about has itself not left yet. */
  #follows(intent: Intent): boolean {
    const about = ordersOf(intent);
    return this.#held.some((held) => ordersOf(held.intent).some((id) => about.includes(id)));
  }
}

function ordersOf(intent: Intent): ClientOrderId[] {
  switch (intent.type) {
    case 'SendOrder':
    case 'SendCancel':
      return [intent.order.clientOrderId];
    case 'SendOrderList':
      return intent.orders.map(({ clientOrderId }) => clientOrderId);
    case 'SendReplace':
      return [intent.original.clientOrderId, intent.replacement.clientOrderId];
    case 'SendQuery':
      return [intent.clientOrderId];
    case 'SendReconcile':
    case 'SendListOrders':
    case 'SendCancelAll':
      return [];
  }
}

/** True unless the order, with all others of its side, is sure to make the position smaller. */
export function addsRisk(intent: Intent, { orders, positions }: KernelView): boolean {
  if (intent.type !== 'SendOrder' && intent.type !== 'SendReplace') return false;
  const order = intent.type === 'SendOrder' ? intent.order : intent.replacement;
  if (order.reduceOnly || order.origin === 'Flatten') return false;
  const { account, instrument, side } = order;
  const position = positions.find(
    (one) => one.account === account && one.instrument === instrument,
  );
  const working = orders
    .filter((one) => one.account === account && one.instrument === instrument)
    .filter((one) => one.side === side && !isTerminal(one.status))
    .reduce((sum, one) => sum + one.leavesQty, 0);
  const held = position?.quantity ?? 0;
  return side === 'Buy' ? held + working > 0 : held - working < 0;
}

/** The orders that do not reach the venue when `intent` does not leave. */
export function ordersUnsent(intent: Intent): Unsent[] {
  const submit = ({ clientOrderId, instrument }: Order): Unsent => {
    return { clientOrderId, instrument, request: 'submit' };
  };
  switch (intent.type) {
    case 'SendOrder':
      return [submit(intent.order)];
    case 'SendOrderList':
      return intent.orders.map(submit);
    case 'SendReplace': {
      const { clientOrderId, instrument } = intent.original;
      const replacement = intent.replacement.clientOrderId;
      return [{ clientOrderId, instrument, request: 'replace', replacement }];
    }
    default:
      return [];
  }
}
