import type { ProcessReport, TradeConfig } from '../../api/supervision.ts';
import type { Clock } from '../../base/clock.ts';
import type { Update } from '../../domain/input.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { VenueReport } from '../../domain/venue-report.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Scheduler } from '../../net/scheduler.ts';
import type { ExecutionClient } from '../../ports/execution-client.ts';
import type { SessionJournal } from '../../store/journal/session-journal.ts';
import type { Gather } from './audience.ts';
import type { Alert } from './last-alerts.ts';

/** Who hears what the trading process does. */
export interface TradeWatch {
  onUpdate(update: Update): void;
  onReport(report: VenueReport): void;
  onMalformedRequest(detail: string): void;
  onLapped(lost: number): void;
}

/** What the trading process is made of. */
export interface TradeParts {
  readonly config: TradeConfig;
  readonly time: Clock & Scheduler;
  readonly kernel: Kernel;
  readonly journal: SessionJournal;
  readonly execution: ExecutionClient | undefined;
  readonly instruments: readonly Instrument[];
  /** The venue refused an order for a rule that is not known here. */
  readonly onUnknownRule?: () => void;
  /** Tells main of kills and drills. */
  readonly onReport?: (report: ProcessReport) => void;
  /** By how much the machine's clock jumped since it was last asked, microseconds; 0 when it did not. */
  readonly takeClockStep?: () => number;
  /** Drops the market records that wait to be read and has the feed tell all anew: how old they are is not known any more. */
  readonly skipMarket?: () => void;
  /** Gathers what windows are told; absent, each fact travels by itself. */
  readonly gather?: Gather;
  /** What the process before this one may have told nobody. */
  readonly lastAlerts?: readonly Alert[];
  /** Ends the process: something that must hold does not. */
  readonly onFatal: (error: unknown) => void;
  /** Told of everything the log should have. */
  readonly watch?: TradeWatch;
}
