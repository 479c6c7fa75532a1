import { useState, type ReactNode } from 'react';
import { useCommands } from '../../commands/commands-context.tsx';
import { workingOrders } from '../../state/account-replica.ts';
import { useDesk, useHost, useTrade, type KeyAnswer, type Market } from '../../state/desk.tsx';
import { Note } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icons.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { Dialog } from '../dialogs/dialog.tsx';

type Refused = Extract<KeyAnswer, { state: 'Refused' }>;

const NOT_CONNECTED: Refused = {
  state: 'Refused',
  code: 'NOT_CONNECTED',
  message: 'the desk has no connection to its host: it stays where it is',
};

/** What the desk is to change to. */
export interface Goal {
  readonly title: string;
  readonly environment: Market['environment'];
  /** A market that needs no key; else `title` is the account's name in the vault. */
  readonly market?: Market['market'];
}

/** A market without a key, as a goal. */
export function marketGoal({ market, environment, title }: Market): Goal {
  return { market, environment, title };
}

/** An account of the vault as a goal; undefined where it is of a venue that is only watched. */
export function accountGoal(name: string): Goal | undefined {
  const environment = /^BINANCE(?:@(testnet|sandbox))?\//.exec(name);
  if (environment === null) return undefined;
  const [, word] = environment;
  return { title: name, environment: word === 'testnet' || word === 'sandbox' ? word : 'live' };
}

/** The last look before the desk goes to another market: what stays behind, the passphrase that opens its keys, and for real money the account's name. */
export function ChangeDialog({
  goal,
  onClose,
}: {
  readonly goal: Goal;
  readonly onClose: () => void;
}): ReactNode {
  const { host } = useDesk();
  const store = useHost((state) => state.accounts?.passphrase);
  const [typed, setTyped] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Refused>();
  const { market, title } = goal;
  const keyed = market === undefined;
  const live = keyed && goal.environment === 'live';
  const account = title.split('/')[1] ?? '';
  const kept = store === 'Kept';
  const opened = !keyed || kept || passphrase !== '';
  const ready = !busy && opened && (!live || typed === account);
  const change = async (): Promise<void> => {
    if (market !== undefined) {
      if (host.useMarket(market)) onClose();
      else setSaid(NOT_CONNECTED);
      return;
    }
    setBusy(true);
    setPassphrase('');
    const asked = {
      type: 'Use',
      name: title,
      typed,
      passphrase: kept ? null : passphrase,
    } as const;
    const answer = await host.askKeys(asked);
    setBusy(false);
    if (answer.state === 'Refused') setSaid(answer);
    else onClose();
  };
  return (
    <Dialog label="Change the desk" role="alertdialog" className="change-dialog" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void change();
        }}
      >
        <header>
          <Icon name={live ? 'warn' : 'plug'} />
          <div>
            <h2>Change this desk to {title}?</h2>
            <p>
              The engine stops cleanly and starts there with a session of its own. Every window
              loads anew; nothing is armed.
            </p>
          </div>
        </header>
        <LeftBehind />
        {said !== undefined && (
          <Note level="danger" icon="warn" title={said.code} text={said.message} />
        )}
        {keyed && !kept && (
          <SecretField
            label="Passphrase of the vault"
            value={passphrase}
            isFirst
            onChange={setPassphrase}
          />
        )}
        {live && (
          <label className="form-field">
            <span className="warn">Real money: type {account}</span>
            <input
              value={typed}
              data-testid="change-typed"
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setTyped(event.target.value)}
            />
          </label>
        )}
        <div className="acts">
          <button
            type="submit"
            className={`btn ${live ? 'danger' : 'primary'}`}
            data-testid="change-confirm"
            disabled={!ready}
          >
            {busy ? 'Opening the vault' : 'Change'}
          </button>
          <button type="button" className="btn" data-first onClick={onClose}>
            Stay
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** What is open on the account in use, and the way to end it first. */
function LeftBehind(): ReactNode {
  const { actions } = useCommands();
  const replica = useTrade((state) => state.replica);
  const known = useTrade((state) => state.connection.phase === 'Open' && state.replica.synced);
  const working = workingOrders(replica).length;
  const one = working === 1;
  if (known && working === 0) return null;
  return (
    <div className="change-orders" data-testid="change-orders">
      <p className="warn">
        {known
          ? `${one ? 'A working order stays' : `${working} working orders stay`} at the venue, and nobody watches from here until you come back; the built-in exchange ends with its orders.`
          : 'Trading does not answer: whether orders are working is not known. At a venue they stay.'}
      </p>
      {known && (
        <button
          type="button"
          className="btn sm"
          data-testid="change-cancel-all"
          onClick={() => actions.cancelAll(undefined)}
        >
          {one ? 'Cancel it first' : 'Cancel them first'}
        </button>
      )}
    </div>
  );
}
