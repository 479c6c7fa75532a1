import { useEffect, useState, type ReactNode, type RefObject } from 'react';
import { useCommands, useKeyOf } from '../commands/commands-context.tsx';
import { useArming } from '../commands/use-arming.ts';
import { moneyText } from '../format/number-text.ts';
import { useDesk, useTrade } from '../state/desk.tsx';
import { overallState } from '../state/entry-gate.ts';
import { positionResult, totals, type ResultTotal } from '../state/results.ts';
import { Keys } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';
import { AccountSelector } from './accounts/account-selector.tsx';
import { OrderLine } from './order-line/order-line.tsx';
import { ReplayControls } from './replay-controls.tsx';
import { WorkspaceBar } from './workspaces/workspace-bar.tsx';

/** What the desk is, whether it may trade, and how it stands; with the order line and the kill switch. */
export function TitleBar({
  orderLine,
  menu,
  accounts,
  onKill,
}: {
  readonly orderLine: RefObject<HTMLInputElement | null>;
  /** The button of the Workspaces menu. */
  readonly menu: RefObject<HTMLButtonElement | null>;
  /** The button of the account selector. */
  readonly accounts: RefObject<HTMLButtonElement | null>;
  readonly onKill: () => void;
}): ReactNode {
  const chord = useKeyOf('trading.kill');
  return (
    <header className="title">
      <Mark />
      <WorkspaceBar menu={menu} />
      <ReplayControls />
      <OrderLine field={orderLine} />
      <div className="right">
        <Trading />
        <AccountSelector button={accounts} />
        <DayNet />
        <button
          type="button"
          className="kill"
          data-testid="kill-button"
          title="Kill switch"
          onClick={onKill}
        >
          <Icon name="power" />
          Kill
          {chord !== undefined && <Keys chord={chord} />}
        </button>
      </div>
      <i className="simline" />
    </header>
  );
}

function Mark(): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 16 16" role="img" aria-label="Quarterdeck">
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 1.8v12.4M8 8h6.2" />
      <path className="accent" d="M8 8L3.6 3.6" />
    </svg>
  );
}

function Trading(): ReactNode {
  const { registry } = useCommands();
  const { word, title, toggle } = useArming();
  const unlockKey = useKeyOf('trading.unlock');
  const accounts = useTrade((state) => state.replica.accounts);
  const synced = useTrade((state) => state.replica.synced);
  const state = overallState(accounts.map((account) => account.tradingState));
  const armed = word === 'Armed';
  return (
    <>
      {synced && (state === 'Locked' || state === 'Halted') && (
        <button
          type="button"
          className="act"
          data-testid="unlock-button"
          title={unlockKey === undefined ? 'Unlock trading' : `Unlock trading (${unlockKey})`}
          onClick={() => registry.run('trading.unlock')}
        >
          Unlock
        </button>
      )}
      <button
        type="button"
        className={`seg ${armed ? 'armed' : 'locked'}`}
        data-testid="arm-button"
        data-arming={word}
        aria-pressed={armed}
        disabled={word === 'Locked'}
        title={title}
        onClick={toggle}
      >
        <Icon name={armed ? 'unlock' : 'lock'} />
        {word}
        {word === 'Disarmed' && <span className="act">Arm</span>}
        {armed && <ArmedFor />}
      </button>
      <div className="seg" data-testid="trading-state" data-state={state ?? 'none'}>
        <span className="t3">State</span>
        <b className={state === 'Halted' || !synced ? 'bad' : ''}>
          {synced ? (state ?? 'No account') : 'Not connected'}
        </b>
      </div>
    </>
  );
}

/** How long the window stays armed without a hand. */
function ArmedFor(): ReactNode {
  const { arming } = useCommands();
  useNow(1000);
  const seconds = Math.ceil(arming.left() / 1000);
  const rest = String(seconds % 60).padStart(2, '0');
  return (
    <span className="t3" title="Then it disarms by itself, unless a hand is at the desk">
      {Math.floor(seconds / 60)}:{rest} left
    </span>
  );
}

/** Net of every position in the first quote asset, renewed a few times a second. */
function DayNet(): ReactNode {
  const desk = useDesk();
  const [total, setTotal] = useState<ResultTotal>();
  useEffect(() => {
    const renew = (): void => {
      const { positions, instruments } = desk.trade.store.getState().replica;
      const rows = positions.flatMap((position) => {
        const instrument = instruments.get(position.instrument);
        if (instrument === undefined) return [];
        const quote = desk.feed.market.quote(position.instrument);
        return [{ instrument, result: positionResult(position, instrument, quote) }];
      });
      setTotal(totals(rows)[0]);
    };
    renew();
    const timer = setInterval(renew, 250);
    return () => clearInterval(timer);
  }, [desk]);
  return (
    <div
      className="seg"
      data-testid="day-net"
      title="Realised plus open (at bid or ask) less fees, since the baseline of the account"
    >
      <span className="t3">Net</span>
      {total === undefined ? (
        <span className="t3">no trades</span>
      ) : (
        <>
          <span className={`pnl ${total.stale > 0 ? 'stale-mark' : tone(total.net)}`}>
            {moneyText(total.net, total.scale, 'signed')}
          </span>
          <span className="t3">{total.asset}</span>
          {total.stale > 0 && <span className="stale-mark">stale</span>}
          {total.uncounted > 0 && <span className="warn">{total.uncounted} not counted</span>}
        </>
      )}
    </div>
  );
}

function tone(amount: bigint): string {
  if (amount === 0n) return '';
  return amount > 0n ? 'up' : 'down';
}
