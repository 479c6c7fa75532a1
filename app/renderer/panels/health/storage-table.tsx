import type { ReactNode } from 'react';
import type { EngineHealth } from '../../state/desk.tsx';
import {
  isCurrent,
  judgeDisk,
  judgeDiskGrowth,
  judgeJournal,
  type Judgement,
} from '../../state/engine-signs.ts';
import { Sign } from '../../ui/sign.tsx';
import { ageText, bytesText, countText, NOT_KNOWN } from './words.ts';

interface Row {
  readonly name: string;
  readonly value: string;
  readonly judged: Judgement;
}

/** Journal, disk and log. */
export function StorageTable({ health }: { readonly health: EngineHealth }): ReactNode {
  return (
    <section aria-label="Storage">
      <table>
        <thead>
          <tr>
            <th>Storage</th>
            <th className="r" />
          </tr>
        </thead>
        <tbody>
          {rowsOf(health).map(({ name, value, judged }) => (
            <tr key={name} data-sign={judged.sign}>
              <td>
                <Sign {...judged} />
                {name}
              </td>
              <td className={`r ${judged.sign === 'ok' ? '' : judged.sign}`}>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function rowsOf(health: EngineHealth): readonly Row[] {
  const { disk, log, at } = health;
  const trade = health.processes.find(({ process }) => process.name === 'trade');
  const vitals = trade?.vitals;
  const current = trade !== undefined && isCurrent(trade.process, vitals, at);
  const durable: Judgement =
    current && vitals !== undefined ? judgeJournal(vitals, at) : { sign: 'unknown' };
  const plain: Judgement = { sign: durable.sign === 'unknown' ? 'unknown' : 'ok' };
  const journal = vitals?.journal;
  const lost: Judgement =
    log.lost > 0 ? { sign: 'bad', why: 'the disk refuses the log' } : { sign: 'ok' };
  const space =
    disk === undefined
      ? NOT_KNOWN
      : `${bytesText(disk.freeBytes)} of ${bytesText(disk.totalBytes)}`;
  return [
    {
      name: 'Journal',
      value: journal === undefined ? NOT_KNOWN : journal.detail || journal.state,
      judged: durable,
    },
    { name: 'Journal records', value: countText(journal?.records), judged: plain },
    {
      name: 'Journal size',
      value: journal === undefined ? NOT_KNOWN : bytesText(journal.bytes),
      judged: plain,
    },
    { name: 'Not durable yet', value: countText(journal?.durableLag), judged: durable },
    { name: 'Last made durable', value: ageText(journal?.durableAt, at), judged: durable },
    { name: 'Disk free', value: space, judged: judgeDisk(disk) },
    ...growthRows(disk),
    ...roomRows(disk),
    { name: 'Log records', value: countText(log.written), judged: { sign: 'ok' } },
    { name: 'Log records lost', value: countText(log.lost), judged: lost },
  ];
}

/** How full the room for recorded ticks is, and when the oldest begin to go. */
function roomRows(disk: EngineHealth['disk']): readonly Row[] {
  const ticks = disk?.ticks;
  if (ticks === undefined) return [];
  const { recordedBytes, budgetBytes, daysUntilDropped: days } = ticks;
  const value = `${bytesText(recordedBytes)} of ${bytesText(budgetBytes)}`;
  return [
    { name: 'Recorded ticks', value, judged: { sign: 'ok' } },
    { name: 'Oldest ticks go in', value: daysText(days), judged: { sign: 'ok' } },
  ];
}

function daysText(days: number | undefined): string {
  return days === undefined ? 'over 10 years' : `${days.toFixed(days < 10 ? 1 : 0)} days`;
}

const GROWTH = { orders: 'Orders', market: 'Market data', ticks: 'Ticks', log: 'Log' } as const;

/** How fast the disk fills, by what was written in the last hours, and how long it lasts. */
function growthRows(disk: EngineHealth['disk']): readonly Row[] {
  const growth = disk?.growth;
  if (growth === undefined) {
    return [{ name: 'Disk full in', value: NOT_KNOWN, judged: { sign: 'unknown' } }];
  }
  return [
    {
      name: 'Disk full in',
      value: daysText(growth.daysUntilFull),
      judged: judgeDiskGrowth(disk),
    },
    ...growth.streams.map(({ stream, bytesPerDay }): Row => {
      const value = `${bytesText(bytesPerDay)} a day`;
      return { name: `${GROWTH[stream]} written`, value, judged: { sign: 'ok' } };
    }),
  ];
}
