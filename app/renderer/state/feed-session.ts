import { createStore } from 'zustand/vanilla';
import type { Environment, InstrumentId } from '../../engine/domain/identifiers.ts';
import type { Instrument } from '../../engine/domain/instrument.ts';
import type { UnixMicros } from '../../engine/domain/time.ts';
import type { ConnectionState } from '../client/connection.ts';
import type { FeedMessage, FeedRequest, ReplaySpeed } from '../client/feed-client.ts';
import { MarketStore } from './market-store.ts';
import { pageFrames, type Frames } from './pace.ts';

/** Health of the data process. */
export type FeedHealth = Extract<FeedMessage, { type: 'Health' }>;
/** Where a replay stands. */
export type ReplayState = Extract<FeedMessage, { type: 'Replay' }>;

/** What the window knows of `feed`, apart from the fast streams. */
export interface FeedState {
  readonly connection: ConnectionState;
  readonly environment: Environment | undefined;
  /** By the venue's rules of now. */
  readonly instruments: readonly Instrument[];
  /** Counts the Welcomes of this page: what was loaded in an earlier one has a gap. */
  readonly epoch: number;
  readonly health: FeedHealth | undefined;
  readonly replay: ReplayState | undefined;
  /** How often a replay went to another time: lists of what happened begin anew with it. */
  readonly jumps: number;
}

/** The window's session with `feed`. */
export class FeedSession {
  readonly store = createStore<FeedState>(() => ({
    connection: { phase: 'Connecting', attempt: 0, malformed: 0 },
    environment: undefined,
    instruments: [],
    epoch: 0,
    health: undefined,
    replay: undefined,
    jumps: 0,
  }));
  readonly market: MarketStore;
  readonly #send: (request: FeedRequest) => boolean;

  constructor(send: (request: FeedRequest) => boolean, frames: Frames = pageFrames()) {
    this.#send = send;
    this.market = new MarketStore(send, frames);
  }

  connectionChanged(connection: ConnectionState): void {
    this.store.setState({ connection });
    if (connection.phase === 'Open') return;
    this.store.setState({ health: undefined });
    this.market.disconnected();
  }

  receive(message: FeedMessage): void {
    switch (message.type) {
      case 'Welcome':
        this.market.welcome((message.jumps ?? 0) !== this.store.getState().jumps);
        this.market.watchQuotes(message.instruments.map((instrument) => instrument.id));
        this.store.setState((state) => ({
          environment: message.environment,
          instruments: message.instruments,
          epoch: state.epoch + 1,
          jumps: message.jumps ?? 0,
        }));
        return;
      case 'InstrumentsChanged':
        this.#relist(message.instruments);
        return;
      case 'Health':
        this.store.setState({ health: message });
        return;
      case 'Replay':
        this.store.setState({ replay: message });
        return;
      default:
        this.market.receive(message);
    }
  }

  /** Sets the pace of a replay: 0 pauses, 1 is as recorded, max waits for nothing. */
  setReplaySpeed(speed: ReplaySpeed): void {
    this.#send({ type: 'SetReplaySpeed', speed });
  }

  /** Plays the next event of a paused replay. */
  stepReplay(): void {
    this.#send({ type: 'StepReplay' });
  }

  /** Goes to a time of a replay: what was received before it is past. */
  seekReplay(to: UnixMicros): void {
    this.#send({ type: 'SeekReplay', to });
  }

  /** An instrument by the venue's rules of now. */
  instrument(id: InstrumentId | undefined): Instrument | undefined {
    return this.store.getState().instruments.find((instrument) => instrument.id === id);
  }

  #relist(changed: readonly Instrument[]): void {
    const byId = new Map(changed.map((instrument) => [instrument.id, instrument]));
    this.store.setState(({ instruments }) => ({
      // An instrument that did not change keeps its identity: what shows it is not drawn anew.
      instruments: instruments.map((instrument) => byId.get(instrument.id) ?? instrument),
    }));
  }
}
