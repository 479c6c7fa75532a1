// Put into every window of a desk that is measured. Times are milliseconds since 1970 with fractions.

/** A trade as the tape showed it, and when the picture with it was done. */
export interface PaintedTrade {
  /** Its own time, milliseconds since midnight. */
  readonly stamp: number;
  readonly price: number;
  /** Milliseconds since midnight. */
  readonly at: number;
}

/** What a window saw since it was last asked. */
export interface Seen {
  /** From each picture to the next. */
  readonly frames: readonly number[];
  /** Tasks over 50 ms. */
  readonly longTasks: readonly number[];
  readonly trades: readonly PaintedTrade[];
  readonly keys: readonly number[];
  readonly presses: readonly number[];
  /** When pictures were done in which a tag of an order was new. */
  readonly tags: readonly number[];
}

const DAY_MS = 86_400_000;

const now = (): number => performance.timeOrigin + performance.now();

class Probe {
  #frames: number[] = [];
  #longTasks: number[] = [];
  #trades: PaintedTrade[] = [];
  #keys: number[] = [];
  #presses: number[] = [];
  #tags: number[] = [];
  /** When the first picture with a price was done. */
  firstPrice: number | undefined;
  /** Drawn in the picture that is being made. */
  #drawnTrades: Omit<PaintedTrade, 'at'>[] = [];
  #drawnTags = 0;
  #drawnPrice = false;

  constructor() {
    const done = new MessageChannel();
    done.port1.onmessage = () => this.#pictureDone(now());
    let last: number | undefined;
    const frame = (at: number): void => {
      if (last !== undefined) this.#frames.push(at - last);
      last = at;
      // Answered when this picture is drawn.
      done.port2.postMessage(undefined);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.#longTasks.push(duration);
    }).observe({ type: 'longtask' });
    const at = ({ timeStamp }: Event): number => performance.timeOrigin + timeStamp;
    addEventListener('keydown', (event) => this.#keys.push(at(event)), true);
    addEventListener('pointerdown', (event) => this.#presses.push(at(event)), true);
    new MutationObserver((changes) => this.#changed(changes)).observe(document, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  }

  take(): Seen {
    const seen = {
      frames: this.#frames,
      longTasks: this.#longTasks,
      trades: this.#trades,
      keys: this.#keys,
      presses: this.#presses,
      tags: this.#tags,
    };
    this.#frames = [];
    this.#longTasks = [];
    this.#trades = [];
    this.#keys = [];
    this.#presses = [];
    this.#tags = [];
    return seen;
  }

  #changed(changes: readonly MutationRecord[]): void {
    for (const { addedNodes, target } of changes) {
      for (const node of addedNodes) {
        if (!(node instanceof HTMLElement)) continue;
        if (node.parentElement?.className === 'tape') this.#trade(node);
        else if (node.dataset['testid'] === 'ladder-order-tag') this.#drawnTags += 1;
        else this.#drawnTags += node.querySelectorAll('[data-testid="ladder-order-tag"]').length;
      }
      if (this.firstPrice === undefined && isPrice(target)) this.#drawnPrice = true;
    }
  }

  #trade(row: HTMLElement): void {
    const time = /(\d+):(\d+):(\d+)\.(\d+)/.exec(row.querySelector('.t')?.textContent ?? '');
    if (time === null) return;
    const [hours = 0, minutes = 0, seconds = 0, millis = 0] = time.slice(1).map(Number);
    const stamp = ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis;
    const price = Number(row.querySelector('.p')?.textContent.replaceAll(',', ''));
    this.#drawnTrades.push({ stamp, price });
  }

  #pictureDone(at: number): void {
    for (const trade of this.#drawnTrades) this.#trades.push({ ...trade, at: at % DAY_MS });
    for (; this.#drawnTags > 0; this.#drawnTags -= 1) this.#tags.push(at);
    if (this.#drawnPrice) this.firstPrice ??= at;
    this.#drawnTrades = [];
  }
}

function isPrice(changed: Node): boolean {
  const element = changed instanceof Element ? changed : changed.parentElement;
  const row = element?.closest('[data-testid^="watch-"]');
  return row !== null && row !== undefined && /\d/.test(element?.textContent ?? '');
}

Object.assign(globalThis, { deskProbe: new Probe() });
