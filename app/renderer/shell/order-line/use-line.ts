import { useMemo, useState } from 'react';
import { complete, type Suggestion } from '../../../engine/language/complete.ts';
import { useCommands } from '../../commands/commands-context.tsx';
import { orderGateNow } from '../../commands/order-gate.ts';
import { readLine, type LineMeaning } from '../../commands/order-line.ts';
import { typeWords } from '../../format/order-words.ts';
import { accountOf, workingOrders } from '../../state/account-replica.ts';
import { useDesk, useFeed, useLinkedInstrument, useTrade } from '../../state/desk.tsx';
import { useNow } from '../../ui/use-now.ts';
import { commandWords } from './command-words.ts';

/** What became of the last line. */
export interface Sent {
  readonly ok: boolean;
  readonly text: string;
}

/** True for a line that can only name a command. */
export function isForced(text: string): boolean {
  return text.trimStart().startsWith('>');
}

/** The text of the command field as an order, and the way to send it. */
export interface Line {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly meaning: LineMeaning;
  /** Why Enter would send nothing; undefined when it would. */
  readonly blocked: string | undefined;
  readonly sent: Sent | undefined;
  readonly send: () => void;
  readonly suggest: (caret: number) => readonly Suggestion[];
}

/** The line's text, meaning and sending. Read anew at Enter, so that what is sent is what the market says then. */
export function useLine(): Line {
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
    readLine(isForced(text) ? '' : text, {
      account,
      instruments,
      orders: replica.orders,
      quote: (id) => {
        const quote = desk.feed.market.quote(id);
        return quote === undefined ? undefined : { ...quote, tsEvent: quote.at };
      },
    });
  const meaning = read();
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
    if (current.kind !== 'command') return;
    const why = gated(current);
    if (why !== undefined) {
      desk.notices.raise('warning', 'Nothing sent', why, 'nothing sent');
      return;
    }
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
    blocked: gated(meaning),
    sent,
    send,
    suggest: (caret) => (isForced(text) ? [] : complete(text, caret, nameable)),
  };
}
