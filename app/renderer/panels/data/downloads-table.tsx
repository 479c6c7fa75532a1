import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import {
  DOWNLOAD_KINDS,
  fractionDone,
  type Download,
  type DownloadKind,
} from '../../../engine/domain/download.ts';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import { groupThousands } from '../../format/number-text.ts';
import { useDesk } from '../../state/desk.tsx';
import type { DownloadAction } from '../../state/market-store.ts';
import { Check, Segments } from '../../ui/controls.tsx';
import { Sign } from '../../ui/sign.tsx';

const NAMES: Readonly<Record<DownloadKind, string>> = {
  trades: 'Trades',
  bars: 'Minutes',
  funding: 'Funding',
};
/** Days that are asked for unless others are typed. */
const USUAL_DAYS = 7;
const DAY_MS = 86_400_000;

/** Asks the venue of the linked instrument for its past, and shows how far all downloads are. */
export function DownloadsTable({ instrument }: { readonly instrument: Instrument }): ReactNode {
  const desk = useDesk();
  const [downloads, setDownloads] = useState<readonly Download[]>([]);
  const [refusal, setRefusal] = useState<string>();
  useEffect(() => desk.feed.market.onDownloads(setDownloads), [desk]);
  const control = (id: number, action: DownloadAction): void => {
    void desk.feed.market.controlDownload(id, action).then((done) => {
      setRefusal(done.ok ? undefined : done.error.message);
    });
  };
  return (
    <section aria-label="Downloads">
      <table>
        <thead>
          <tr>
            <th>Download of the past</th>
            <th>Days</th>
            <th>Reached</th>
            <th className="r">Rows</th>
            <th>State</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {downloads.map((download) => (
            <DownloadRow key={download.id} download={download} onControl={control} />
          ))}
        </tbody>
      </table>
      <DownloadForm instrument={instrument} refusal={refusal} onRefusal={setRefusal} />
    </section>
  );
}

function DownloadForm({
  instrument,
  refusal,
  onRefusal,
}: {
  readonly instrument: Instrument;
  readonly refusal: string | undefined;
  readonly onRefusal: (words: string | undefined) => void;
}): ReactNode {
  const desk = useDesk();
  const [kind, setKind] = useState<DownloadKind>('bars');
  const [from, setFrom] = useState(() => daysAgo(USUAL_DAYS));
  const [to, setTo] = useState(() => daysAgo(1));
  const [replace, setReplace] = useState(false);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    const order = { instrument: instrument.id, kind, from: from.trim(), to: to.trim(), replace };
    void desk.feed.market.startDownload(order).then((taken) => {
      onRefusal(taken.ok ? undefined : taken.error.message);
    });
  };
  return (
    <form className="ask" aria-label={`Download ${instrument.symbol}`} onSubmit={send}>
      <span>{instrument.symbol}</span>
      <Segments
        label="What"
        options={DOWNLOAD_KINDS.map((value) => ({ value, label: NAMES[value] }))}
        value={kind}
        onChange={setKind}
      />
      <DayField label="from" value={from} onChange={setFrom} />
      <DayField label="to" value={to} onChange={setTo} />
      <Check label="Replace what is there" checked={replace} onChange={setReplace} />
      <button type="submit" className="btn sm">
        Download
      </button>
      <span className="wrong" role="alert">
        {refusal}
      </span>
    </form>
  );
}

function DayField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  return (
    <label>
      {label}
      <input
        type="text"
        value={value}
        placeholder="2026-01-31"
        spellCheck={false}
        title="A day in UTC that is over"
        onChange={({ target }) => onChange(target.value)}
      />
    </label>
  );
}

const SIGNS = {
  Queued: 'unknown',
  Running: 'ok',
  Waiting: 'warn',
  Paused: 'unknown',
  Done: 'ok',
  Failed: 'bad',
} as const;

function DownloadRow({
  download,
  onControl,
}: {
  readonly download: Download;
  readonly onControl: (id: number, action: DownloadAction) => void;
}): ReactNode {
  const { id, instrument, kind, from, to, state, rows, message } = download;
  const percent = Math.floor(fractionDone(download) * 100);
  const goesOn = state === 'Paused' || state === 'Failed';
  return (
    <tr data-testid={`download-${id}`} data-state={state}>
      <td>
        <Sign sign={SIGNS[state]} why={message ?? state} />
        {NAMES[kind]} of {instrument.split('@')[0]}
      </td>
      <td>{from === to ? from : `${from} to ${to}`}</td>
      <td>
        <span
          className="reached"
          role="progressbar"
          aria-label={`Download ${id}`}
          aria-valuenow={percent}
        >
          <i data-state={state} style={{ width: `${percent}%` }} />
        </span>
        {reachedWords(download, percent)}
      </td>
      <td className="r">{groupThousands(String(rows))}</td>
      <td className={SIGNS[state] === 'ok' ? '' : SIGNS[state]}>
        {message === undefined ? state : `${state}: ${message}`}
      </td>
      <td className="acts r">
        {state !== 'Done' && (
          <button
            type="button"
            className="btn sm"
            onClick={() => onControl(id, goesOn ? 'Resume' : 'Pause')}
          >
            {goesOn ? 'Resume' : 'Pause'}
          </button>
        )}
        <button type="button" className="btn sm" onClick={() => onControl(id, 'Remove')}>
          Remove
        </button>
      </td>
    </tr>
  );
}

function reachedWords({ doneDays, days, skippedDays }: Download, percent: number): string {
  const there = skippedDays === 0 ? '' : `, ${skippedDays} were there`;
  return `${percent} %, ${doneDays} of ${days} days${there}`;
}

/** `YYYY-MM-DD`, so many UTC days before now. */
function daysAgo(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
}
