import type { TradeConfig, UnrecordedLine } from '../../api/supervision.ts';
import type { Clock } from '../../base/clock.ts';
import { unixMicros } from '../../domain/time.ts';
import type { AccountSnapshot, VenueReport } from '../../domain/venue-report.ts';
import type { Scheduler } from '../../net/scheduler.ts';
import type { ExecutionClient } from '../../ports/execution-client.ts';

/** What failed is tried again after this time. */
const AGAIN_MS = 2000;
/** Trade history is of no use here; the venue is asked for as little as it allows. */
const HISTORY_MICROS = 1_000_000;

/** What a kill without a journal is made of. */
export interface UnrecordedKillParts {
  readonly config: TradeConfig;
  readonly time: Clock & Scheduler;
  readonly execution: ExecutionClient;
  /** What is known of each symbol; `done` when the venue says that nothing is open. */
  readonly onProgress: (lines: UnrecordedLine[], done: boolean) => void;
}

/** Cancels everything on the instruments of the settings when the journal cannot be read, until the venue says that nothing is open. Positions are not known without a journal and are left alone. */
export class UnrecordedKill {
  readonly #parts: UnrecordedKillParts;
  readonly #lines = new Map<string, UnrecordedLine>();
  readonly #waiting = new Set<string>();
  #requestId = 0;
  #connected = false;
  #done = false;

  constructor(parts: UnrecordedKillParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#cancel(this.#parts.config.instruments.map(({ symbol }) => symbol));
    this.#parts.execution.start((report) => this.#onReport(report));
    this.#tell();
  }

  #cancel(symbols: readonly string[]): void {
    const { account } = this.#parts.config;
    for (const symbol of symbols) {
      this.#waiting.add(symbol);
      if (!this.#lines.has(symbol)) this.#put(symbol, false, 'asked to cancel, no answer yet');
      this.#parts.execution.send({ type: 'SendCancelAll', account, symbol });
    }
  }

  #onReport(report: VenueReport): void {
    if (this.#done) return;
    switch (report.type) {
      case 'AllCanceled':
        this.#waiting.delete(report.symbol);
        this.#put(report.symbol, false, `${report.count} canceled, not asked again yet`);
        this.#prove();
        break;
      case 'RequestFailed':
        this.#again(report.symbol, `${report.code} ${report.message}`);
        break;
      case 'ConnectionChanged':
        this.#connected = report.state === 'Connected';
        this.#prove();
        return;
      case 'AccountSnapshot':
        this.#onSnapshot(report);
        break;
      default:
        return;
    }
    this.#tell();
  }

  #again(symbol: string | undefined, message: string): void {
    if (symbol !== undefined) this.#put(symbol, false, message);
    this.#parts.time.setTimer(AGAIN_MS, () => {
      if (symbol === undefined) this.#prove();
      else this.#cancel([symbol]);
    });
  }

  #prove(): void {
    if (this.#waiting.size > 0 || !this.#connected || this.#done) return;
    const { config, execution, time } = this.#parts;
    const since = unixMicros(time.nowMicros() - HISTORY_MICROS);
    const instruments = config.instruments.map(({ id }) => ({ instrument: id, since }));
    this.#requestId += 1;
    const { account } = config;
    execution.send({ type: 'SendReconcile', account, requestId: this.#requestId, instruments });
  }

  #onSnapshot({ openOrders, foreignOrders = [] }: AccountSnapshot): void {
    const symbolOf = new Map(this.#parts.config.instruments.map(({ id, symbol }) => [id, symbol]));
    const open = new Set([
      ...openOrders.map(({ terms }) => symbolOf.get(terms.instrument) ?? terms.instrument),
      ...foreignOrders.map(({ symbol }) => symbol),
    ]);
    for (const symbol of this.#lines.keys()) {
      if (!open.has(symbol)) this.#put(symbol, true, 'none open at the venue');
    }
    for (const symbol of open) this.#put(symbol, false, 'still open at the venue');
    this.#done = open.size === 0;
    this.#cancel([...open]);
  }

  #put(symbol: string, ok: boolean, text: string): void {
    this.#lines.set(symbol, { symbol, ok, text });
  }

  #tell(): void {
    this.#parts.onProgress([...this.#lines.values()], this.#done);
  }
}
