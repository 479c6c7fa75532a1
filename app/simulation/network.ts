import type { Rng } from '../engine/base/rng.ts';
import type { Fetch, FetchAnswer } from '../engine/net/http-client.ts';
import type { SocketEvents, SocketOpener } from '../engine/net/socket.ts';
import type { RestAnswer, RestRequest } from '../sandbox/binance/rest.ts';
import type { PeerSocket } from '../sandbox/binance/session.ts';
import { Link } from './link.ts';
import { refusalOfAnswer, refusalOfMessage, type Patience, type Refusal } from './patience.ts';
import type { Swarm, Tally } from './swarm.ts';
import type { Life } from './process-time.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The far side of the network. */
export interface Host {
  connect(socket: PeerSocket, query: URLSearchParams): void;
  rest(request: RestRequest): RestAnswer;
}

/** What a network is made of. */
export interface NetworkParts {
  readonly time: VirtualTime;
  readonly rng: Rng;
  readonly swarm: Swarm;
  readonly tally: Tally;
  readonly host: Host;
  readonly patience: Patience;
  /** Ends the world with what must not be. */
  onViolation(error: unknown): void;
  /** Changes what the venue sends over a WebSocket. */
  readonly tamper?: (text: string) => string;
}

/** A network that delays, loses, cuts and refuses, as its seed says, until told to be well. */
export class SimulatedNetwork {
  readonly #parts: NetworkParts;
  readonly #links = new Set<Link>();
  #well = false;
  #refusedUntilMicros = 0;

  constructor(parts: NetworkParts) {
    this.#parts = parts;
  }

  /** From now on nothing goes wrong. Connections that are half open stay so until somebody notices. */
  recover(): void {
    this.#well = true;
    this.#refusedUntilMicros = 0;
  }

  /** Ends every connection; both sides are told. */
  cut(): void {
    for (const link of this.#links) link.cut('connection reset');
  }

  /** Every connection goes silent and nobody is told. */
  goSilent(): void {
    for (const link of this.#links) link.goSilent();
  }

  /** Refuses whatever comes in the next `ms`. */
  refuse(ms: number): void {
    this.#refusedUntilMicros = this.#parts.time.nowMicros() + ms * 1000;
  }

  /** True with the given share, never once the network is well. */
  happens(share: number, kind: string): boolean {
    if (this.#well || share === 0 || this.#parts.rng.nextDouble() >= share) return false;
    this.#parts.tally.add(kind);
    return true;
  }

  /** Milliseconds that a message takes. */
  latency(): number {
    const { rng, swarm } = this.#parts;
    const usual = 1 + rng.nextBelow(20);
    if (!this.happens(swarm.delay, 'delayed messages')) return usual;
    return usual + rng.nextBelow(swarm.longestDelayMs);
  }

  /** Sockets of one start of the process. */
  opener(life: Life): SocketOpener {
    return (url, _limits, events) => this.#open(life, url, events);
  }

  /** HTTP requests of one start of the process. */
  fetch(life: Life): Fetch {
    return (url, init) => {
      return new Promise<FetchAnswer>((resolve, reject) => {
        const fail = (error: Error): void => life.whenRunning(() => reject(error));
        init.signal.addEventListener('abort', () => fail(new Error('aborted')));
        const read = (answer: RestAnswer): void => {
          // Who has given up reads no answer.
          if (!init.signal.aborted) resolve(this.#read(answer));
        };
        const { pathname, search } = new URL(url);
        this.#mayAsk(`${init.method} ${pathname}`);
        const request: RestRequest = {
          method: init.method,
          url: pathname + search,
          apiKey: init.headers['X-MBX-APIKEY'],
          body: '',
        };
        this.#exchange(request, (answer) => life.whenRunning(() => read(answer)), fail);
      });
    };
  }

  #exchange(
    request: RestRequest,
    resolve: (answer: RestAnswer) => void,
    fail: (error: Error) => void,
  ): void {
    const { time, swarm, host } = this.#parts;
    const lose = (what: string): void => {
      if (this.happens(swarm.silence, `silent ${what}`)) return;
      time.setTimer(this.latency(), () => fail(new Error('connection reset')));
    };
    if (this.#refuses()) {
      time.setTimer(this.latency(), () => fail(new Error('connection refused')));
      return;
    }
    if (this.happens(swarm.loss, 'lost requests')) return lose('requests');
    time.setTimer(this.latency(), () => {
      const answer = host.rest(request);
      if (this.happens(swarm.loss, 'lost answers')) return lose('answers');
      const broken = this.happens(swarm.serverError, 'server errors');
      time.setTimer(this.latency(), () => resolve(broken ? BAD_GATEWAY : answer));
    });
  }

  #mayAsk(what: string): void {
    const { patience, time, onViolation } = this.#parts;
    try {
      patience.assertMayAsk(what, time.nowMicros());
    } catch (error) {
      onViolation(error);
    }
  }

  #hear(refusal: Refusal | undefined): void {
    if (refusal === undefined) return;
    this.#parts.tally.add(`answers ${refusal.status}`);
    this.#parts.patience.hear(refusal);
  }

  /** An answer as the process reads it. */
  #read(answer: RestAnswer): FetchAnswer {
    const { status, headers, body } = answer;
    this.#hear(refusalOfAnswer(status, headers, body, this.#parts.time.nowMicros()));
    return fetched(answer);
  }

  #refuses(): boolean {
    const { time, swarm } = this.#parts;
    if (time.nowMicros() < this.#refusedUntilMicros) return true;
    return this.happens(swarm.refusal, 'refused connections');
  }

  #open(life: Life, url: string, events: SocketEvents): ReturnType<SocketOpener> {
    const { time, swarm, host } = this.#parts;
    const link = new Link({
      time,
      latency: () => this.latency(),
      lose: () => this.happens(swarm.loss / 10, 'lost messages'),
      silent: () => this.happens(swarm.silence, 'half-open connections'),
      replays: () => this.happens(swarm.replay, 'repeated events'),
      tamper: this.#parts.tamper ?? ((text) => text),
      onSend: (text) => this.#mayAsk(/"method":"([^"]*)"/.exec(text)?.[1] ?? 'a message'),
      onRead: (text) => this.#hear(refusalOfMessage(text)),
      arrive: (deliver) => life.whenRunning(deliver),
      events,
      onGone: (gone) => this.#links.delete(gone),
    });
    if (this.#refuses()) {
      time.setTimer(this.latency(), () => link.refuse());
      return link.client;
    }
    this.#links.add(link);
    time.setTimer(this.latency(), () => {
      link.connect((peer) => host.connect(peer, new URL(url).searchParams));
    });
    return link.client;
  }
}

const BAD_GATEWAY: RestAnswer = { status: 502, headers: {}, body: '<html>502 Bad Gateway</html>' };

function fetched(answer: RestAnswer): FetchAnswer {
  return {
    status: answer.status,
    headers: new Headers(answer.headers),
    body: {
      async *[Symbol.asyncIterator]() {
        yield Buffer.from(answer.body);
      },
    },
  };
}
