import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useKeyOf } from '../../commands/commands-context.tsx';
import { editText, stepDecimals } from '../../format/number-text.ts';
import { useDesk, useHost, useLink, useLinkedInstrument, useTrade } from '../../state/desk.tsx';
import { valueOf } from '../../state/setting-values.ts';
import { Keys } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icons.tsx';
import { isProved } from '../dialogs/receipt-view.tsx';
import { nextStep, stepsTaken, STEPS, type Step } from './steps.ts';
import './first-steps.css';

const SETTING = 'appearance.firstSteps';
const TITLES: Readonly<Record<Step, string>> = {
  choose: 'Choose an instrument',
  arm: 'Unlock, then arm',
  place: 'Place an order',
  watch: 'See it fill, or cancel it',
  flatten: 'Flatten',
};

/** Five steps for who opens a desk for the first time, on invented money only; each is done by doing it. */
export function FirstSteps(): ReactNode {
  const sandbox = useHost(({ environment }) => environment === 'sandbox');
  const wanted = useHost(({ settings }) => valueOf(settings, SETTING) === true);
  return sandbox && wanted ? <Card /> : null;
}

function Card(): ReactNode {
  const { host } = useDesk();
  const taken = useTaken();
  const now = nextStep(taken);
  const leave = (): void => host.changeSetting(SETTING, false);
  return (
    <section className="toast first-steps" aria-label="First steps" data-testid="first-steps">
      <h4>
        First steps
        <button type="button" onClick={leave}>
          {now === undefined ? 'Done' : 'Leave'}
        </button>
      </h4>
      <ol>
        {STEPS.map((step) => (
          <li key={step} className={stepClass(step, now, taken)} aria-current={step === now}>
            <i>{taken.has(step) && <Icon name="check" />}</i>
            <span>
              {TITLES[step]}
              {taken.has(step) && <span className="visually-hidden">, done</span>}
              {step === now && <How step={step} />}
            </span>
          </li>
        ))}
      </ol>
      {now === undefined && <p>That is all it takes. F1 tells the rest, panel by panel.</p>}
    </section>
  );
}

function stepClass(step: Step, now: Step | undefined, taken: ReadonlySet<Step>): string {
  if (taken.has(step)) return 'taken';
  return step === now ? 'now' : '';
}

/** The steps taken in this window. */
function useTaken(): ReadonlySet<Step> {
  const instrument = useLink((state) => state.instrument);
  const first = useRef(instrument);
  const armed = useTrade(({ replica }) => replica.armed);
  const orders = useTrade(({ replica }) => replica.orders);
  const receipts = useTrade(({ replica }) => replica.receipts);
  const [taken, setTaken] = useState<ReadonlySet<Step>>(new Set());
  useEffect(() => {
    first.current ??= instrument;
    const seen = {
      chosen: first.current !== instrument,
      armed,
      orders: orders.values(),
      provedFlat: receipts.some((receipt) => isProved(receipt)),
    };
    setTaken((before) => stepsTaken(before, seen));
  }, [instrument, armed, orders, receipts]);
  return taken;
}

/** How a step is done, with the keys as they are bound. */
function How({ step }: { readonly step: Step }): ReactNode {
  switch (step) {
    case 'choose':
      return (
        <p>
          <Key of="panel.watchlist" />, then the arrows: what is linked follows.
        </p>
      );
    case 'arm':
      return (
        <p>
          <Key of="trading.unlock" /> the account, <Key of="trading.arm" /> this window: two acts
          before any order.
        </p>
      );
    case 'place':
      return (
        <p>
          <Key of="order-line.focus" />, type <OrderText />, read what it would do, Enter.
        </p>
      );
    case 'watch':
      return (
        <p>
          It stands in Orders, on the ladder and on the chart. <Key of="orders.cancel-instrument" />{' '}
          cancels.
        </p>
      );
    default:
      return (
        <p>
          <Key of="trading.flatten" /> cancels, closes and proves that nothing is left.
        </p>
      );
  }
}

function Key({ of }: { readonly of: string }): ReactNode {
  const chord = useKeyOf(of);
  return chord === undefined ? 'A command' : <Keys chord={chord} />;
}

/** A line that buys the usual size of the instrument in sight. */
function OrderText(): ReactNode {
  const instrument = useLinkedInstrument();
  const sizes = useLink((state) => state.sizes);
  if (instrument === undefined) return 'an order';
  const size = sizes.get(instrument.id);
  const { quantityScale: scale } = instrument;
  const text = size === undefined ? '1' : editText(size, scale, stepDecimals(size, scale));
  return <code>{`b ${text} ${instrument.symbol.toLowerCase()} bid`}</code>;
}
