import type { ReactNode } from 'react';
import type { EngineHealth } from '../../state/desk.tsx';
import { isCurrent, judgeDisk, judgeJournal, type Judgement } from '../../state/engine-signs.ts';
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
    { name: 'Log records', value: countText(log.written), judged: { sign: 'ok' } },
    { name: 'Log records lost', value: countText(log.lost), judged: lost },
  ];
}
