import type { KillRequest, ProcessReport, TradeConfig } from '../../api/supervision.ts';
import type { Clock } from '../../base/clock.ts';
import type { CommandEnvelope } from '../../domain/command.ts';
import type { FlattenReceipt, Update } from '../../domain/input.ts';
import { unixMicros } from '../../domain/time.ts';
import type { VenueReport } from '../../domain/venue-report.ts';
import type { ExecutionClient } from '../../ports/execution-client.ts';
import { ordersUnsent, type IntentGate } from './intent-gate.ts';

type KillInput =
  | { readonly type: 'UserCommand'; readonly envelope: CommandEnvelope }
  | { readonly type: 'Venue'; readonly report: VenueReport };

/** What kills need of the trading process. */
interface KillParts {
  readonly config: TradeConfig;
  readonly time: Clock;
  readonly execution: ExecutionClient | undefined;
  readonly onReport?: (report: ProcessReport) => void;
}

/** Kills and drills in the trading process: begun as main asks, told to main as they go. */
export class TradeKills {
  readonly #parts: KillParts;
  readonly #gate: IntentGate;
  readonly #enter: (input: KillInput) => void;
  /** Commands whose answer main awaits. */
  readonly #awaited = new Set<string>();

  constructor(parts: KillParts, gate: IntentGate, enter: (input: KillInput) => void) {
    this.#parts = parts;
    this.#gate = gate;
    this.#enter = enter;
  }

  /** Begins a kill or drill. A kill first takes back every order that has not left yet. */
  begin({ commandId, client, via, askedAt, drill }: KillRequest): void {
    if (!drill) this.#withdraw();
    this.#awaited.add(commandId);
    const command = { type: drill ? 'Drill' : 'Kill', via, askedAt } as const;
    this.#enter({ type: 'UserCommand', envelope: { commandId, client, command } });
  }

  /** Tells main that a kill was taken, and how it goes. */
  onUpdate(update: Update): void {
    if (update.type === 'FlattenChanged') this.tellReceipt(update.receipt);
    if (update.type !== 'CommandAnswered') return;
    const { commandId } = update.result;
    if (this.#awaited.delete(commandId)) this.#parts.onReport?.({ type: 'KillTaken', commandId });
  }

  /** Tells main a kill's or drill's receipt. */
  tellReceipt(receipt: FlattenReceipt): void {
    if (receipt.kind === 'Flatten') return;
    // The wire's types are the domain's without their readonly.
    this.#parts.onReport?.({ type: 'Receipt', receipt } as ProcessReport);
  }

  #withdraw(): void {
    const { config, execution, time } = this.#parts;
    const venueTime = unixMicros(time.nowMicros());
    const why = { code: 'WITHDRAWN', message: 'trading was stopped before the order left' };
    for (const intent of this.#gate.withdraw()) {
      for (const { clientOrderId, instrument, ...what } of ordersUnsent(intent)) {
        const about = { account: config.account, instrument, clientOrderId, venueTime };
        this.#enter({ type: 'Venue', report: { type: 'NotSent', ...about, ...what, ...why } });
      }
    }
    execution?.withdraw();
  }
}
