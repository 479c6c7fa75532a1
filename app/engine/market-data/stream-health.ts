import type { VenueId } from '../domain/identifiers.ts';
import type { CircuitState } from '../net/circuit-breaker.ts';
import type { ClockOffset } from '../net/clock-offset.ts';
import type { ConnectionHealth } from '../ports/market-data-client.ts';
import type { StreamConnection } from './stream-connection.ts';

/** A connection and what came over it. */
export interface CountedLine {
  readonly name: string;
  readonly connection: StreamConnection;
  readonly counts: {
    readonly messages: number;
    readonly unknown: number;
    readonly parseErrors: number;
    readonly resyncs: number;
  };
  readonly lastMessageMicros: number;
}

const CIRCUIT_HEALTH = {
  Closed: 'Connected',
  HalfOpen: 'Connecting',
  Open: 'Disconnected',
} as const satisfies Record<CircuitState, ConnectionHealth['state']>;

/** What is told of a venue's connection; `offset` is its clock's as it was measured last. */
export function lineHealth(
  venue: VenueId,
  { name, connection, counts, lastMessageMicros }: CountedLine,
  offset: ClockOffset | undefined,
): ConnectionHealth {
  return {
    connection: `${venue} ${name}`,
    venue,
    state: connection.state,
    ...(offset && {
      latencyMicros: offset.roundTripMicros,
      clockOffsetMicros: offset.offsetMicros,
    }),
    messages: counts.messages,
    unknownMessages: counts.unknown,
    parseErrors: counts.parseErrors,
    reconnects: connection.reconnects,
    resyncs: counts.resyncs,
    ...(counts.messages === 0 ? {} : { lastMessageAt: lastMessageMicros }),
  };
}

/** Questions are a connection of their own: told of once the venue was left alone. */
export function restHealth(venue: VenueId, circuit: CircuitState): ConnectionHealth {
  return {
    connection: `${venue} rest`,
    venue,
    state: CIRCUIT_HEALTH[circuit],
    messages: 0,
    unknownMessages: 0,
    parseErrors: 0,
    reconnects: 0,
    resyncs: 0,
  };
}
