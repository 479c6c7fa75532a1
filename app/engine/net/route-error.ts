/** Why no connection came about on the way that was set. */
export type RouteErrorCode =
  | 'PROXY_UNREACHABLE'
  | 'PROXY_AUTH_REFUSED'
  | 'PROXY_REFUSED'
  | 'PROXY_MALFORMED'
  | 'CERTIFICATE_UNTRUSTED'
  | 'ROUTE_WRONG';

/** Thrown within a connection attempt; its message begins with the code and holds no password. */
export class RouteError extends Error {
  readonly code: RouteErrorCode;

  constructor(code: RouteErrorCode, words: string) {
    super(`${code}: ${words}`);
    this.name = 'RouteError';
    this.code = code;
  }
}

const UNTRUSTED: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** The error of a connection as one of its way, where it is; `whom`: who showed the certificate. */
export function asRouteError(error: unknown, whom: string): unknown {
  const { code } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  if (code === undefined || !UNTRUSTED.has(code)) return error;
  const words = `the certificate of ${whom} is not trusted (${code}); network.certificates names a file of your own authority`;
  return new RouteError('CERTIFICATE_UNTRUSTED', words);
}
