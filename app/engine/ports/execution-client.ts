import type { ExecutionRequest } from '../domain/input.ts';
import type { ConnectionHealth } from './market-data-client.ts';
import type { Order } from '../domain/order.ts';
import type { VenueReport } from '../domain/venue-report.ts';

/** An order and the venue's number of it. */
export type KnownOrder = Pick<Order, 'clientOrderId' | 'venueOrderId'>;

/** One account's private connection to a venue. Methods return when the request is handed to the wire; what the venue says comes back as reports. */
export interface ExecutionClient extends AsyncDisposable {
  /** Connects the private stream and keeps it connected (jittered back-off). `known`: orders of before, so that the venue's numbers of them need not be asked for. */
  start(onReport: (report: VenueReport) => void, known?: Iterable<KnownOrder>): void;
  /** Carries out one effect of the kernel; every request is answered by at least one report. */
  send(request: ExecutionRequest): void;
  /** How the private connection is; absent where there is none. */
  health?(): ConnectionHealth;
  /** Refuses every order that has not left yet: each is reported NotSent. Cancels and questions keep their turn. */
  withdraw(): void;
}
