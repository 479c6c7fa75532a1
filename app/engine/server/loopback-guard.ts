import type { IncomingMessage } from 'node:http';
import { sameText, type Access, type Session } from './access.ts';

/** Why a request is refused; the answer's body tells nothing more than its status. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly code:
    | 'HOST_FOREIGN'
    | 'ORIGIN_FOREIGN'
    | 'TARGET_MALFORMED'
    | 'SESSION_MISSING'
    | 'HEADER_TOKEN_WRONG';
}

/** Name of the header that carries the page's token on state-changing calls. */
export const HEADER_TOKEN = 'x-quarterdeck-token';

function valuesOf(request: IncomingMessage, name: string): readonly string[] {
  const raw = request.rawHeaders;
  return raw.filter((_, index) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === name);
}

/** Guards one loopback listener. DNS rebinding is stopped by the Host check, cross-site WebSockets by the Origin check. */
export class LoopbackGuard {
  readonly #access: Access;
  readonly #hosts: ReadonlySet<string>;
  readonly cookieName: string;

  constructor(access: Access, port: number) {
    this.#access = access;
    this.#hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
    // Cookies are shared by all ports of a host, so the name must not be.
    this.cookieName = `quarterdeck-${port}`;
  }

  /** Refuses a foreign or doubled Host and anything but an origin-form target. Every request passes here first. */
  checkHost(request: IncomingMessage): Refusal | undefined {
    const hosts = valuesOf(request, 'host');
    const [host] = hosts;
    if (hosts.length !== 1 || host === undefined || !this.#hosts.has(host)) {
      return { status: 403, code: 'HOST_FOREIGN' };
    }
    const target = request.url ?? '';
    if (!target.startsWith('/') || target.startsWith('//')) {
      return { status: 403, code: 'TARGET_MALFORMED' };
    }
    return undefined;
  }

  /** Refuses unless there is exactly one Origin and it is the listener's own. */
  checkOrigin(request: IncomingMessage): Refusal | undefined {
    const origins = valuesOf(request, 'origin');
    const [host] = valuesOf(request, 'host');
    if (origins.length !== 1 || origins[0] !== `http://${host}`) {
      return { status: 403, code: 'ORIGIN_FOREIGN' };
    }
    return undefined;
  }

  /** The session of the request's cookie. */
  sessionOf(request: IncomingMessage): Session | undefined {
    const cookies = valuesOf(request, 'cookie').flatMap((line) => line.split(';'));
    for (const cookie of cookies) {
      const [name, value] = cookie.trim().split('=', 2);
      if (name === this.cookieName && value !== undefined) return this.#access.session(value);
    }
    return undefined;
  }

  /** A call that changes something: own Origin, session cookie and the page's header token. */
  checkStateChange(request: IncomingMessage): Session | Refusal {
    const refusal = this.checkHost(request) ?? this.checkOrigin(request);
    if (refusal !== undefined) return refusal;
    const session = this.sessionOf(request);
    if (session === undefined) return { status: 401, code: 'SESSION_MISSING' };
    const [given = '', ...more] = valuesOf(request, HEADER_TOKEN);
    if (more.length > 0 || !this.#access.headerTokenMatches(session, given)) {
      return { status: 403, code: 'HEADER_TOKEN_WRONG' };
    }
    return session;
  }

  /** A WebSocket upgrade: own Origin and session cookie. */
  checkUpgrade(request: IncomingMessage): Session | Refusal {
    const refusal = this.checkHost(request) ?? this.checkOrigin(request);
    if (refusal !== undefined) return refusal;
    return this.sessionOf(request) ?? { status: 401, code: 'SESSION_MISSING' };
  }
}

/** True when the request's one authorization is `Bearer` with that token. */
export function bearerMatches(request: IncomingMessage, token: string): boolean {
  const [given = '', ...more] = valuesOf(request, 'authorization');
  return more.length === 0 && sameText(given, `Bearer ${token}`);
}

/** Tells a refusal from a session. */
export function isRefusal(outcome: Session | Refusal | undefined): outcome is Refusal {
  return outcome !== undefined && 'status' in outcome;
}
