import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { ClientId } from '../domain/identifiers.ts';

/** Microseconds a one-time token stays valid when nobody uses it. */
const TOKEN_LIFE_MICROS = 600_000_000;
const MOST_TOKENS = 8;
const MOST_SESSIONS = 16;
/** Wrong tokens answered in one second before every answer is a refusal for the rest of it. */
const WRONG_TOKENS_A_SECOND = 10;

/** A browser that redeemed a token. `headerToken` must come back on every state-changing call. */
export interface Session {
  readonly secret: string;
  readonly headerToken: string;
  readonly styleNonce: string;
  readonly client: ClientId;
}

/** Compares secrets in a time that tells nothing about them. */
export function sameText(left: string, right: string): boolean {
  // Digests have one length, so that neither the time nor an exception tells how long the secret is.
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

function secretText(): string {
  return randomBytes(32).toString('base64url');
}

/** Who may enter the browser host: one-time tokens, sessions by cookie. Holds nothing on disk. */
export class Access {
  readonly #clock: Clock;
  #tokens: { text: string; expiresAt: number }[] = [];
  #sessions: Session[] = [];
  #wrong = { second: 0, count: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A fresh one-time token, valid until first use and ten minutes. */
  issueToken(): string {
    const text = secretText();
    this.#tokens.push({ text, expiresAt: this.#clock.nowMicros() + TOKEN_LIFE_MICROS });
    this.#tokens = this.#tokens.slice(-MOST_TOKENS);
    return text;
  }

  /** Consumes a token and opens a session; `undefined` when the token is wrong, used or old, or too many wrong ones came. */
  redeem(token: string): Session | undefined {
    const now = this.#clock.nowMicros();
    const second = Math.floor(now / 1_000_000);
    if (this.#wrong.second !== second) this.#wrong = { second, count: 0 };
    if (this.#wrong.count >= WRONG_TOKENS_A_SECOND) return undefined;
    this.#tokens = this.#tokens.filter((known) => known.expiresAt > now);
    const found = this.#tokens.find((known) => sameText(known.text, token));
    if (found === undefined) {
      this.#wrong.count += 1;
      return undefined;
    }
    this.#tokens = this.#tokens.filter((known) => known !== found);
    const session: Session = {
      secret: secretText(),
      headerToken: secretText(),
      styleNonce: randomBytes(16).toString('base64url'),
      client: `desk-${randomBytes(6).toString('hex')}` as ClientId,
    };
    this.#sessions.push(session);
    this.#sessions = this.#sessions.slice(-MOST_SESSIONS);
    return session;
  }

  /** The session whose cookie secret this is. */
  session(secret: string): Session | undefined {
    return this.#sessions.find((known) => sameText(known.secret, secret));
  }

  /** Ends a session. */
  end(session: Session): void {
    this.#sessions = this.#sessions.filter((known) => known !== session);
  }

  /** True when `given` is the header token of the session. */
  headerTokenMatches(session: Session, given: string): boolean {
    return sameText(session.headerToken, given);
  }
}
