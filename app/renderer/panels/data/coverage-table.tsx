import { useEffect, useState, type ReactNode } from 'react';
import type { Result } from '../../../engine/base/result.ts';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import { durationMicros } from '../../format/time-text.ts';
import { groupThousands } from '../../format/number-text.ts';
import type {
  CoverageSegment,
  LoadError,
  StoredCoverage,
  DroppedDay,
} from '../../state/market-store.ts';
import { useDesk } from '../../state/desk.tsx';
import { coverageDays, daySign, type CoverageDay } from './coverage-days.ts';

type Loaded = Result<StoredCoverage, LoadError>;

/** What the disk has of an instrument, day by day. */
export function CoverageTable({ instrument }: { readonly instrument: Instrument }): ReactNode {
  const desk = useDesk();
  const [loaded, setLoaded] = useState<Loaded>();
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let wanted = true;
    void desk.feed.market.loadCoverage(instrument.id).then((answer) => {
      if (wanted) setLoaded(answer);
    });
    return () => {
      wanted = false;
    };
  }, [desk, instrument.id, asked]);
  return (
    <section aria-label={`On the disk: ${instrument.symbol}`}>
      <table>
        <thead>
          <tr>
            <th>On the disk: {instrument.symbol}</th>
            <th>Day</th>
            <th className="r">Rows</th>
            <th className="r">Size</th>
            <th>Missing</th>
          </tr>
        </thead>
        <tbody>{loaded?.ok === true && rowsOf(loaded.value)}</tbody>
      </table>
      <p className="none pad">
        {wordsOf(loaded)}{' '}
        <button type="button" className="btn sm" onClick={() => setAsked(asked + 1)}>
          Look again
        </button>
      </p>
    </section>
  );
}

function wordsOf(loaded: Loaded | undefined): string {
  if (loaded === undefined) return 'The catalogue is being read.';
  if (!loaded.ok) return loaded.error.message;
  return loaded.value.segments.length === 0 ? 'Nothing of it is on the disk.' : '';
}

function rowsOf(coverage: StoredCoverage): ReactNode {
  return [...coverageDays(coverage)].flatMap(([kind, days]) => [
    <tr key={kind} className="calendar">
      <td>{kind}</td>
      <td colSpan={4}>
        <span className="days" role="img" aria-label={calendarWords(kind, days)}>
          {days.map((one) => (
            <i key={one.day} data-sign={daySign(one)} title={dayWords(one)} />
          ))}
        </span>
      </td>
    </tr>,
    ...days
      .filter(({ segment }) => segment !== undefined)
      .toReversed()
      .map((one) => <DayRow key={`${kind} ${one.day}`} one={one} />),
  ]);
}

function DayRow({ one }: { readonly one: CoverageDay }): ReactNode {
  const { day, segment } = one;
  if (segment === undefined) return null;
  return (
    <tr data-testid={`coverage-${segment.kind}-${day}`} data-sign={daySign(one)}>
      <td />
      <td>{day}</td>
      <td className="r">{groupThousands(String(segment.rows))}</td>
      <td className="r">{groupThousands(String(Math.ceil(segment.bytes / 1000)))} kB</td>
      <td className={daySign(one) === 'good' ? 't3' : ''}>{missingWords(segment)}</td>
    </tr>
  );
}

function missingWords({ intact, gaps }: CoverageSegment): string {
  const words = gaps.map(
    ({ cause, count, micros }) => `${CAUSES[cause] ?? cause} ${count}× ${durationMicros(micros)}`,
  );
  if (intact === false) words.unshift('damaged');
  return words.join(', ') || 'nothing';
}

const CAUSES: Readonly<Record<string, string>> = {
  NotRecorded: 'not recorded',
  Disconnected: 'disconnected',
  MessageLost: 'message lost',
  Silent: 'silent',
  Starting: 'starting',
  Damaged: 'damaged',
};

const DROPPED: Readonly<Record<DroppedDay['why'], string>> = {
  Age: 'dropped, older than this kind is kept',
  Budget: 'dropped, there was no more room for recorded ticks',
};

function dayWords({ day, segment, dropped }: CoverageDay): string {
  if (segment !== undefined) return `${day}: ${missingWords(segment)} missing`;
  return `${day}: ${dropped === undefined ? 'nothing' : DROPPED[dropped]}`;
}

function calendarWords(kind: string, days: readonly CoverageDay[]): string {
  const [first, last] = [days[0]?.day ?? '', days.at(-1)?.day ?? ''];
  const there = days.filter(({ segment }) => segment !== undefined).length;
  const dropped = days.filter((one) => daySign(one) === 'dropped').length;
  const gone = dropped === 0 ? '' : `, ${dropped} dropped`;
  return `${kind}: ${there} of ${days.length} days from ${first} to ${last}${gone}`;
}
