/** The generator's own resting orders of one side, in no order. */
export class RestingOrders {
  readonly ids: number[] = [];
  readonly prices: number[] = [];
  readonly #positions = new Map<number, number>();

  get length(): number {
    return this.ids.length;
  }

  has(orderId: number): boolean {
    return this.#positions.has(orderId);
  }

  add(orderId: number, price: number): void {
    this.#positions.set(orderId, this.ids.length);
    this.ids.push(orderId);
    this.prices.push(price);
  }

  /** Forgets an order; an unknown one is somebody else's. */
  remove(orderId: number): void {
    const position = this.#positions.get(orderId);
    if (position === undefined) return;
    this.#positions.delete(orderId);
    const lastId = this.ids.pop();
    const lastPrice = this.prices.pop();
    if (lastId === undefined || lastPrice === undefined || lastId === orderId) return;
    this.ids[position] = lastId;
    this.prices[position] = lastPrice;
    this.#positions.set(lastId, position);
  }
}
