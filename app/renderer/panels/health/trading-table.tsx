import type { ReactNode } from 'react';
import { durationNanos } from '../../format/time-text.ts';
import type { EngineHealth, Vitals } from '../../state/desk.tsx';
import { isCurrent, judgeUnknown, type Judgement } from '../../state/engine-signs.ts';
import { Sign } from '../../ui/sign.tsx';
import { ageText, countText } from './words.ts';

/** Counters of which each is something that should not happen. */
const WRONGS: readonly (readonly [counter: string, name: string])[] = [
  ['ring_lost', 'Market records lost'],
  ['illegal_transitions', 'Events refused'],
  ['contradictory_fills', 'Contradictory fills'],
  ['overfills', 'Overfills'],
  ['unknown_accounts', 'Unknown accounts'],
];

/** Orders whose state is not known, the time of the parts of an order's way, and what should not happen. */
export function TradingTable({ health }: { readonly health: EngineHealth }): ReactNode {
  const trade = health.processes.find(({ process }) => process.name === 'trade');
  const vitals = trade?.vitals;
  if (trade === undefined || vitals === undefined) {
    return <p className="none pad">The trading process has not reported yet.</p>;
  }
  const current = isCurrent(trade.process, vitals, health.at);
  const unknown: Judgement = current ? judgeUnknown(vitals, health.at) : { sign: 'unknown' };
  return (
    <section aria-label="Trading">
      <table>
        <thead>
          <tr>
            <th>Trading</th>
            <th className="r" />
          </tr>
        </thead>
        <tbody>
          <tr data-testid="health-unknown" data-sign={unknown.sign}>
            <td>
              <Sign {...unknown} />
              Unknown orders
            </td>
            <td className={`r ${unknown.sign === 'ok' ? '' : unknown.sign}`}>
              {unknownText(vitals, health.at)}
            </td>
          </tr>
          {WRONGS.map(([counter, name]) => {
            const value = vitals.counters[counter];
            return (
              <tr key={counter}>
                <td>
                  <Sign sign={signOfCount(value)} />
                  {name}
                </td>
                <td className={`r ${value !== undefined && value > 0 ? 'warn' : ''}`}>
                  {countText(value)}
                </td>
              </tr>
            );
          })}
          {vitals.latencies.map(({ name, count, p50Nanos, p99Nanos }) => (
            <tr key={name}>
              <td>
                <Sign sign={count === 0 ? 'unknown' : 'ok'} />
                {LATENCIES[name]} p50, p99
              </td>
              <td className="r">
                {count === 0
                  ? 'none yet'
                  : `${durationNanos(p50Nanos)}, ${durationNanos(p99Nanos)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const LATENCIES = {
  journal: 'Journal',
  kernel: 'Kernel',
  ring: 'Ring',
  venue: 'Acknowledgement',
} as const;

function signOfCount(value: number | undefined): 'ok' | 'warn' | 'unknown' {
  if (value === undefined) return 'unknown';
  return value > 0 ? 'warn' : 'ok';
}

function unknownText({ orders }: Vitals, at: number): string {
  if (orders === undefined || orders.unknown === 0) return countText(orders?.unknown);
  return `${countText(orders.unknown)}, oldest ${ageText(orders.oldestUnknownAt, at)}`;
}
