/** From which record of the order stream on a record of the market stream is needed. */
interface Need {
  readonly fromSequence: number;
  readonly marketSequence: number;
}

/** Which records of the order stream survive a loss of power together with the market records they name: what is durable alone can not be replayed. */
export class JointDurability {
  readonly #needs: Need[] = [];
  #needed: number;

  /** `marketSequence` is the market stream's last record, durable as all it holds when a session is opened. */
  constructor(marketSequence: number) {
    this.#needed = marketSequence;
  }

  /** The order stream's records from `fromSequence` on name market records up to `marketSequence`. */
  append(fromSequence: number, marketSequence: number): void {
    if (marketSequence === this.#needed) return;
    this.#needed = marketSequence;
    this.#needs.push({ fromSequence, marketSequence });
  }

  /** The last record of the order stream that is durable with all it names, where each stream alone is durable so far. */
  durable(orderSequence: number, marketSequence: number): number {
    const met = this.#needs.findIndex((need) => need.marketSequence > marketSequence);
    this.#needs.splice(0, met < 0 ? this.#needs.length : met);
    const [unmet] = this.#needs;
    return unmet === undefined ? orderSequence : Math.min(orderSequence, unmet.fromSequence - 1);
  }
}
