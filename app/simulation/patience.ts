import { Violation } from './violation.ts';

/** What the venue answers a request that came too soon or too often, and until when it asks for silence. */
export interface Refusal {
  readonly status: number;
  readonly untilMicros: number;
}

/** Whether a start of the process keeps still when the venue has told it to: after a 429 to its weight, and after a 418. */
export class Patience {
  #until = 0;
  #status = 0;

  /** A process that begins knows of no refusal; neither does one whose clock was set. */
  forget(): void {
    this.#until = 0;
  }

  /** The process has read a refusal. */
  hear({ status, untilMicros }: Refusal): void {
    if (untilMicros < this.#until) return;
    this.#until = untilMicros;
    this.#status = status;
  }

  /** The process asks something of the venue. */
  assertMayAsk(what: string, nowMicros: number): void {
    if (nowMicros >= this.#until) return;
    const leftMs = Math.round((this.#until - nowMicros) / 1000);
    throw new Violation(
      'ASKED_WHILE_REFUSED',
      `${what} left ${leftMs} ms before the time that a ${this.#status} named`,
    );
  }
}

/** The refusal that a REST answer carries; undefined for any other. */
export function refusalOfAnswer(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
  nowMicros: number,
): Refusal | undefined {
  if (!silences(status, body)) return undefined;
  return { status, untilMicros: nowMicros + Number(headers['Retry-After']) * 1_000_000 };
}

/** The refusal that a message of the WebSocket API carries; undefined for any other. */
export function refusalOfMessage(text: string): Refusal | undefined {
  if (!text.includes('"status":4')) return undefined;
  const message = JSON.parse(text) as {
    readonly status: number;
    readonly error?: { readonly data?: { readonly retryAfter?: number } };
  };
  const retryAfter = message.error?.data?.retryAfter;
  if (retryAfter === undefined || !silences(message.status, text)) return undefined;
  return { status: message.status, untilMicros: retryAfter * 1000 };
}

/** Too many orders are told with a 429 too and concern orders alone. */
function silences(status: number, text: string): boolean {
  return status === 418 || (status === 429 && !text.includes('-1015'));
}
