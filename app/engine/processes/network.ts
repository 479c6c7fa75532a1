import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import type { NetworkConfig } from '../api/supervision.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Environment } from '../domain/identifiers.ts';
import { parseProxy, systemProxies, type ChooseProxy } from '../net/proxy.ts';
import { RouteError } from '../net/route-error.ts';
import { UNREADABLE_WAY } from '../store/settings/schema.ts';
import { openRoute, type Route } from '../net/route.ts';

/** What a process knows beside its configuration. */
export type Surroundings = Readonly<Record<string, string | undefined>>;

const CERTIFICATES = 'certificates=';
const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * The way to a venue (`BINANCE`, `KRAKEN`); undefined is the runtime's own, direct. One that is set wrong leads nowhere, and says why to
 * whoever takes it. A sandbox is on this machine and is reached directly always. A proxy's password stands in the environment,
 * QD_PROXY_PASSWORD, or QD_PROXY_PASSWORD_KRAKEN for one venue.
 */
export function routeTo(
  venue: string,
  environment: Environment,
  network: NetworkConfig | undefined,
  surroundings: Surroundings = process.env,
): Route | undefined {
  if (network === undefined || environment === 'sandbox' || environment === 'replay') {
    return undefined;
  }
  const own = network.venues
    .filter((one) => one.startsWith(`${venue}=`))
    .map((one) => one.slice(venue.length + 1));
  const ownFile = own.find((one) => one.startsWith(CERTIFICATES))?.slice(CERTIFICATES.length);
  const ownProxy = own.find((one) => !one.startsWith(CERTIFICATES));
  const choose = chooserOf(ownProxy ?? network.proxy, venue, surroundings);
  if (!choose.ok) return leadingNowhere(choose.error);
  const file = ownFile ?? network.certificates;
  const authorities = file === '' ? ok(undefined) : readAuthorities(file);
  if (!authorities.ok) return leadingNowhere(authorities.error);
  if (choose.value === undefined && authorities.value === undefined) return undefined;
  return openRoute({
    choose: choose.value ?? (() => undefined),
    ...(authorities.value === undefined ? {} : { authorities: authorities.value }),
  });
}

function leadingNowhere(why: string): Route {
  return openRoute({
    choose: () => {
      throw new RouteError('ROUTE_WRONG', why);
    },
  });
}

function chooserOf(
  text: string,
  venue: string,
  surroundings: Surroundings,
): Result<ChooseProxy | undefined, string> {
  if (text === UNREADABLE_WAY) {
    return err('the settings `network` cannot be read: settings.json names what is wrong in them');
  }
  if (text === 'direct') return ok(undefined);
  if (text === 'system') {
    const read = systemProxies(surroundings);
    return read.ok ? read : err(read.error.message);
  }
  const parsed = parseProxy(text, 'network.proxy');
  if (!parsed.ok) return err(parsed.error.message);
  const own = surroundings[`QD_PROXY_PASSWORD_${venue.replaceAll('-', '_')}`];
  const password = own ?? surroundings['QD_PROXY_PASSWORD'];
  const proxy = { ...parsed.value, ...(password === undefined ? {} : { password }) };
  return ok(() => proxy);
}

function readAuthorities(file: string): Result<string, string> {
  const wrong = (why: string): Result<string, string> =>
    err(`network.certificates: ${file} must be a file of certificates (PEM): ${why}`);
  try {
    const blocks = readFileSync(file, 'utf8').match(PEM) ?? [];
    if (blocks.length === 0) return wrong('it holds none');
    for (const block of blocks) void new X509Certificate(block);
    return ok(blocks.join('\n'));
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}
