import { useEffect, useState, type ReactNode } from 'react';
import type { QualityMessage } from '../../state/market-store.ts';
import { useDesk, useFeed, useLinkedInstrument } from '../../state/desk.tsx';
import { Say } from '../../ui/controls.tsx';
import { CoverageTable } from './coverage-table.tsx';
import { DownloadsTable } from './downloads-table.tsx';
import { QualityTable } from './quality-table.tsx';
import { ReferenceTable } from './reference-table.tsx';
import './data.css';

/** How good the data of every instrument is and was, and what the disk has of the linked one. */
export function DataPanel(): ReactNode {
  const desk = useDesk();
  const epoch = useFeed((state) => state.epoch);
  // In a replay there is no venue to ask for the past.
  const replayed = useFeed((state) => state.environment === 'replay');
  const instrument = useLinkedInstrument();
  const [quality, setQuality] = useState<QualityMessage>();
  useEffect(() => desk.feed.market.onQuality(setQuality), [desk]);
  return (
    <div className="panel data" tabIndex={0} role="region" aria-label="Quality of the data">
      {quality === undefined ? (
        <Say icon="plug" title="No report yet" text="The feed reports once a second." />
      ) : (
        <>
          <QualityTable quality={quality} />
          <ReferenceTable quality={quality} />
        </>
      )}
      {instrument !== undefined && !replayed && (
        <DownloadsTable key={instrument.id} instrument={instrument} />
      )}
      {instrument !== undefined && (
        <CoverageTable key={`${instrument.id} ${epoch}`} instrument={instrument} />
      )}
    </div>
  );
}
