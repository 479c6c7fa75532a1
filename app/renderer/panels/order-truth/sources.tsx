import type { ReactNode } from 'react';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { Order } from '../../../engine/domain/order.ts';
import {
  EVIDENCE_SOURCES,
  judgeStatement,
  type EvidenceSource,
  type OrderStatement,
  type StatementVerdict,
} from '../../../engine/domain/order-evidence.ts';
import { quantityText } from '../../format/number-text.ts';
import { clockMillis, ageText } from '../../format/time-text.ts';
import { Sign } from '../../ui/sign.tsx';
import { useNow } from '../../ui/use-now.ts';

const NAMES: Readonly<Record<EvidenceSource, string>> = {
  UserStream: 'User stream',
  RequestAnswer: 'Answer to our request',
  Query: 'Question about it',
  OpenOrders: 'Open orders',
  TradeHistory: 'Trade history',
};

const VERDICTS: Readonly<
  Record<StatementVerdict, { sign: 'ok' | 'warn' | 'bad' | 'unknown'; why: string }>
> = {
  Agrees: { sign: 'ok', why: 'agrees with what we think' },
  Older: { sign: 'unknown', why: 'older than what another source said since' },
  Differs: { sign: 'bad', why: 'differs from what we think' },
  Silent: { sign: 'unknown', why: 'says nothing of the state' },
};

const SAYS: Readonly<Record<Exclude<OrderStatement['says'], 'State'>, string>> = {
  NotFound: 'Not there',
  Fills: 'Fills only',
  Refused: 'Request refused',
  NoAnswer: 'No answer',
  NotSent: 'Never left',
  Failed: 'Not answered',
};

/** What each source said last about an order. */
export function Sources({
  order,
  statements,
  instrument,
}: {
  readonly order: Order;
  readonly statements: readonly OrderStatement[];
  readonly instrument: Instrument | undefined;
}): ReactNode {
  const now = useNow(500) * 1000;
  return (
    <section aria-label="What each source said last">
      <table>
        <thead>
          <tr>
            <th>Source</th>
            <th>Says</th>
            <th className="r">Filled</th>
            <th className="r venue">Venue time</th>
            <th className="r">Age</th>
          </tr>
        </thead>
        <tbody>
          {EVIDENCE_SOURCES.map((source) => {
            const statement = statements.find((one) => one.source === source);
            return (
              <SourceRow
                key={source}
                name={NAMES[source]}
                statement={statement}
                verdict={statement && judgeStatement(order, statement, statements)}
                instrument={instrument}
                now={now}
              />
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function SourceRow({
  name,
  statement,
  verdict,
  instrument,
  now,
}: {
  readonly name: string;
  readonly statement: OrderStatement | undefined;
  readonly verdict: StatementVerdict | undefined;
  readonly instrument: Instrument | undefined;
  readonly now: number;
}): ReactNode {
  if (statement === undefined || verdict === undefined) {
    return (
      <tr>
        <td>
          <Sign sign="unknown" why="has said nothing" />
          {name}
        </td>
        <td className="none" colSpan={4}>
          nothing yet
        </td>
      </tr>
    );
  }
  const { says, status, cumQty, code, venueTime, receivedAt } = statement;
  const words = says === 'State' ? (status ?? 'State') : SAYS[says];
  return (
    <tr
      className={verdict === 'Differs' ? 'differs' : ''}
      data-testid={`source-${statement.source}`}
      data-verdict={verdict}
    >
      <td>
        <Sign {...VERDICTS[verdict]} />
        {name}
      </td>
      <td title={code}>
        {words}
        {code !== undefined && <span className="t3"> {code}</span>}
      </td>
      <td className="r">
        {cumQty === undefined || instrument === undefined ? (
          <span className="none">not said</span>
        ) : (
          quantityText(cumQty, instrument)
        )}
      </td>
      <td className="r tm venue" title={`received ${clockMillis(receivedAt)}`}>
        {clockMillis(venueTime)}
      </td>
      <td className="r">{ageText(now - receivedAt)}</td>
    </tr>
  );
}
