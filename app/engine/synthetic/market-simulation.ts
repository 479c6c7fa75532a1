import { present } from '../base/invariant.ts';
import { Xoshiro128 } from '../base/rng.ts';
import { price, quantity } from '../domain/price.ts';
import type { MatchingEvents } from '../native/compute/matching-events.ts';
import { MatchingEngine } from '../native/compute/matching.ts';
import type { SyntheticInstrument, SyntheticMarket } from './instruments.ts';
import { exp, Sampler } from './numeric.ts';
import { FLOW_STEP_MS, OrderFlow } from './order-flow.ts';
import type { SyntheticPast } from './past.ts';
import type { RegimeLabel } from './regimes.ts';

const STEPS_A_SECOND = 1000 / FLOW_STEP_MS;
const STEPS_A_MINUTE = 60 * STEPS_A_SECOND;

/** One instrument of a running market. */
interface Instrument {
  readonly spec: SyntheticInstrument;
  readonly engine: MatchingEngine;
  readonly flow: OrderFlow;
  readonly timing: Sampler;
  from: number;
  to: number;
  firstMove: number;
  secondMove: number;
  share: number;
}

/** What a market is started from. */
export interface SimulationOptions {
  readonly market: SyntheticMarket;
  readonly seed: number;
  readonly past: SyntheticPast;
  /** Sees the events of every command of the generator, by position of the instrument, before the next command runs. */
  readonly publish: (instrument: number, events: MatchingEvents) => void;
}

/** The live market: the price process goes on in seconds, order flow follows in steps of 50 ms. A function of its options and of the orders of others. */
export class MarketSimulation {
  readonly #instruments: readonly Instrument[];
  readonly #past: SyntheticPast;
  #steps = 0;

  constructor(options: SimulationOptions) {
    this.#past = options.past;
    this.#instruments = options.market.instruments.map((spec, index) => {
      const engine = new MatchingEngine({
        tickSize: price(spec.tickSize),
        stepSize: quantity(spec.stepSize),
        firstTradeId: present(options.past.instruments[index], 'past').nextTradeId,
      });
      const sampler = new Sampler(new Xoshiro128(options.seed + 104_729 * (index + 1)));
      const publish = (events: MatchingEvents): void => options.publish(index, events);
      const flow = new OrderFlow(spec, engine, sampler, publish);
      const log = options.past.process.logs[index] ?? 0;
      const timing = new Sampler(new Xoshiro128(options.seed + 15_485_863 * (index + 1)));
      return {
        spec,
        engine,
        flow,
        timing,
        from: log,
        to: log,
        firstMove: 0,
        secondMove: 0,
        share: 1,
      };
    });
  }

  /** The regimes of the past and of the live market so far, in minutes since the beginning of the 1-minute past. Nobody who trades may see them. */
  get labels(): readonly RegimeLabel[] {
    return this.#past.process.regimes.labels;
  }

  /** The book of an instrument. Commands to it from outside must be shown to `observe`. */
  engine(index: number): MatchingEngine {
    return this.#at(index).engine;
  }

  /** Shows the generator what somebody else's command caused. */
  observe(index: number, events: MatchingEvents): void {
    this.#at(index).flow.observe(events);
  }

  /** Volatility the makers see now, 1 when ordinary. */
  volatility(index: number): number {
    return this.#past.process.state.visible[index] ?? 1;
  }

  /** Moves on by `FLOW_STEP_MS`. */
  step(): void {
    const process = this.#past.process;
    if (this.#steps % STEPS_A_MINUTE === 0) process.minute();
    const withinSecond = this.#steps % STEPS_A_SECOND;
    if (withinSecond === 0) this.#nextSecond();
    this.#instruments.forEach((instrument, index) => {
      const { spec } = instrument;
      const log =
        instrument.from + (instrument.to - instrument.from) * shareAt(instrument, withinSecond);
      const fair = (spec.startPrice * exp(log - (this.#past.endLogs[index] ?? 0))) / spec.tickSize;
      instrument.flow.step({ fair, volatility: this.volatility(index) });
    });
    this.#steps += 1;
  }

  // A second's move happens in two jumps at moments of its own: a touch that stands for a while, then goes.
  #nextSecond(): void {
    const process = this.#past.process;
    process.second();
    this.#instruments.forEach((instrument, index) => {
      instrument.from = instrument.to;
      instrument.to = process.logs[index] ?? 0;
      instrument.firstMove = instrument.timing.below(STEPS_A_SECOND);
      instrument.secondMove = instrument.timing.below(STEPS_A_SECOND);
      instrument.share = instrument.timing.uniform();
    });
  }

  #at(index: number): Instrument {
    return present(this.#instruments[index], `instrument ${index}`);
  }
}

function shareAt(instrument: Instrument, step: number): number {
  const first = step >= instrument.firstMove ? instrument.share : 0;
  const second = step >= instrument.secondMove ? 1 - instrument.share : 0;
  return first + second;
}
