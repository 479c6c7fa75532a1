import { useMemo, useState, type KeyboardEvent, type ReactNode, type RefObject } from 'react';
import { complete, type Suggestion } from '../../../engine/language/complete.ts';
import { useCommands } from '../../commands/commands-context.tsx';
import { readLine, type LineMeaning } from '../../commands/order-line.ts';
import { orderGateNow } from '../../commands/order-gate.ts';
import { useVerdict } from '../../commands/use-verdict.ts';
import { typeWords } from '../../format/order-words.ts';
import { accountOf, workingOrders } from '../../state/account-replica.ts';
import { useDesk, useFeed, useLinkedInstrument, useTrade } from '../../state/desk.tsx';
import { Keys } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useNow } from '../../ui/use-now.ts';
import { commandWords } from './command-words.ts';
import { LinePreview } from './line-preview.tsx';
import './order-line.css';

/** What became of the last line. */
interface Sent {
  readonly ok: boolean;
  readonly text: string;
}

/** The command field: a line of the order language, what it would do, Enter sends it once, Escape drops it. */
export function OrderLine({
  field,
}: {
  readonly field: RefObject<HTMLInputElement | null>;
}): ReactNode {
  const { registry } = useCommands();
  const [open, setOpen] = useState(false);
  const chord = registry.keyOf('order-line.focus');
  return (
    <>
      {open && <div className="scrim part" />}
      <div className="cmd-slot">
        <div className={`cmd${open ? ' open' : ''}`} role="search">
          <div className="in">
            <Icon name="search" />
            <LineField field={field} open={open} onOpen={setOpen} />
            {!open && chord !== undefined && <Keys chord={chord} />}
          </div>
        </div>
      </div>
    </>
  );
}

function LineField({
  field,
  open,
  onOpen,
}: {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}): ReactNode {
  const line = useLine();
  const [chosen, setChosen] = useState(0);
  const [caret, setCaret] = useState(0);
  const suggestions = open ? line.suggest(caret) : [];
  const leave = (): void => {
    line.setText('');
    field.current?.blur();
  };
  const take = (suggestion: Suggestion | undefined): void => {
    if (suggestion === undefined) return;
    const { text } = line;
    const next = `${text.slice(0, suggestion.from - 1)}${suggestion.text}${suggestion.text.endsWith('=') ? '' : ' '}${text.slice(suggestion.to - 1).trimStart()}`;
    line.setText(next);
    setCaret(next.length);
    setChosen(0);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const acts: Readonly<Record<string, () => void>> = {
      Escape: leave,
      Enter: () => {
        // A held Enter is one order, not thirty a second.
        if (!event.repeat) line.send();
      },
      Tab: () => take(suggestions[chosen]),
      ArrowDown: () => setChosen(Math.min(chosen + 1, suggestions.length - 1)),
      ArrowUp: () => setChosen(Math.max(chosen - 1, 0)),
    };
    const act = event.shiftKey ? undefined : acts[event.key];
    if (act === undefined || (event.key === 'Tab' && suggestions.length === 0)) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <>
      <input
        ref={field}
        className="line"
        data-testid="order-line"
        aria-label="Order or command"
        placeholder={open ? 'b 0.5 sol bid-1 post' : 'Order or command'}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={line.text}
        onChange={(event) => {
          line.setText(event.target.value);
          setCaret(event.target.selectionStart ?? event.target.value.length);
          setChosen(0);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onKeyDown={onKeyDown}
        onFocus={() => onOpen(true)}
        onBlur={() => onOpen(false)}
      />
      {open && (
        <div className="drop">
          <LinePreview
            text={line.text}
            meaning={line.meaning}
            verdict={line.verdict}
            blocked={line.blocked}
            sent={line.sent}
          />
          {suggestions.length > 0 && (
            <div className="opts" role="listbox" aria-label="Completions">
              {suggestions.slice(0, 8).map((suggestion, index) => (
                <div
                  key={`${suggestion.text} ${suggestion.detail}`}
                  className={`opt${index === chosen ? ' on' : ''}`}
                  role="option"
                  aria-selected={index === chosen}
                  onPointerDown={(event) => {
                    event.preventDefault();
                    take(suggestion);
                  }}
                >
                  <span className="mono">{suggestion.text}</span>
                  {suggestion.detail}
                  {index === chosen && <Keys chord="Tab" />}
                </div>
              ))}
            </div>
          )}
          <div className="foot">
            <span className={line.blocked === undefined ? 'send' : ''}>
              <kbd>Enter</kbd>send
            </span>
            <span>
              <kbd>Tab</kbd>complete
            </span>
            <span>
              <kbd>Esc</kbd>close, nothing sent
            </span>
            <span className="spacer">b or s, quantity, instrument, price, options</span>
          </div>
        </div>
      )}
    </>
  );
}

interface Line {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly meaning: LineMeaning;
  readonly verdict: ReturnType<typeof useVerdict>;
  /** Why Enter would send nothing; undefined when it would. */
  readonly blocked: string | undefined;
  readonly sent: Sent | undefined;
  readonly send: () => void;
  readonly suggest: (caret: number) => readonly Suggestion[];
}

/** The line's text, meaning and sending. Read anew at Enter, so that what is sent is what the market says then. */
function useLine(): Line {
  const desk = useDesk();
  const { actions, registry } = useCommands();
  const [text, setLineText] = useState('');
  const [sent, setSent] = useState<Sent>();
  const instruments = useFeed((state) => state.instruments);
  const replica = useTrade((state) => state.replica);
  const linked = useLinkedInstrument();
  // Prices beside bid and ask move while the line stands.
  useNow(250);
  const account =
    (linked === undefined ? undefined : accountOf(replica, linked)) ?? replica.accounts[0]?.account;
  const read = (): LineMeaning =>
    readLine(text, {
      account,
      instruments,
      orders: replica.orders,
      quote: (id) => {
        const quote = desk.feed.market.quote(id);
        return quote === undefined ? undefined : { ...quote, tsEvent: quote.at };
      },
    });
  const meaning = read();
  const terms =
    meaning.kind === 'command' && meaning.command.type === 'SubmitOrder'
      ? meaning.command.terms
      : undefined;
  const verdict = useVerdict(terms);
  const gated = (current: LineMeaning): string | undefined => {
    if (current.kind !== 'command') return 'not a command yet';
    if (current.command.type !== 'SubmitOrder') return undefined;
    const { instrument } = current.command.terms;
    const known = instruments.find((candidate) => candidate.id === instrument);
    if (known === undefined) return 'not a known instrument';
    const { gate } = orderGateNow(desk, known);
    return gate.open ? undefined : gate.reason;
  };
  const setText = (next: string): void => {
    setLineText(next);
    setSent(undefined);
  };
  const send = (): void => {
    const current = read();
    if (current.kind !== 'command' || gated(current) !== undefined) return;
    if (current.command.type === 'Kill') {
      setText('');
      registry.run('trading.kill');
      return;
    }
    const words = commandWords(current.command, instruments);
    const answer = actions.perform(current.command);
    if (answer === undefined) return;
    void answer.then((result) => {
      const reason = result.message ?? result.code ?? '';
      setSent({ ok: result.ok, text: result.ok ? `Done: ${words}` : `Refused: ${reason}` });
    });
    setText('');
  };
  const nameable = useMemo(
    () => ({
      symbols: instruments.map((instrument) => instrument.symbol),
      orders: workingOrders(replica).map((order) => ({
        id: order.clientOrderId,
        side: order.side,
        detail: `${order.side} ${typeWords(order.type)}`,
      })),
    }),
    [instruments, replica],
  );
  return {
    text,
    setText,
    meaning,
    verdict,
    blocked: gated(meaning),
    sent,
    send,
    suggest: (caret) => complete(text, caret, nameable),
  };
}
