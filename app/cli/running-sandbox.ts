import { readFileSync } from 'node:fs';
import type { VenueUrls } from '../engine/api/supervision.ts';
import { CommandFailure, WRONG_INPUT } from './output.ts';

/** A sandbox in a process of its own, as a market. */
export interface RunningSandbox {
  readonly kind: 'venue';
  readonly environment: 'sandbox';
  readonly urls: VenueUrls;
  readonly account: string;
  /** What it lists. */
  readonly symbols: string[];
  readonly credentials: { readonly apiKey: string; readonly secret: string };
}

type Fields = Readonly<Record<string, unknown>>;

function wrong(file: string, field: string, expected: string): CommandFailure {
  return new CommandFailure(WRONG_INPUT, `--exchange: ${file}: ${field}, expected ${expected}`);
}

function addressOf(file: string, from: Fields, field: string): string {
  const value = from[field];
  // What looks like a sandbox is one only on this machine.
  const loopback = typeof value === 'string' && /^(http|ws):\/\/127\.0\.0\.1:\d+(\/|$)/.test(value);
  if (!loopback) throw wrong(file, `${field} ${String(value)}`, 'an address on 127.0.0.1');
  return value;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** Reads what `qd sandbox --json` printed. */
export function runningSandbox(file: string): RunningSandbox {
  let document: Fields;
  try {
    document = fieldsOf(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(WRONG_INPUT, `--exchange: ${file}: ${reason}`);
  }
  const { keys } = document;
  const key = fieldsOf(
    Array.isArray(keys) ? keys.find((each) => fieldsOf(each)['name'] === 'trading') : undefined,
  );
  const { apiKey, secret } = key;
  if (typeof apiKey !== 'string' || typeof secret !== 'string') {
    throw wrong(file, 'keys', 'one named trading');
  }
  const { symbols } = document;
  const listed = Array.isArray(symbols) ? symbols.filter((one) => typeof one === 'string') : [];
  if (listed.length === 0) throw wrong(file, 'symbols', 'those that the exchange lists');
  return {
    kind: 'venue',
    environment: 'sandbox',
    urls: {
      http: addressOf(file, document, 'rest'),
      ws: addressOf(file, document, 'streams'),
      wsApi: addressOf(file, document, 'wsApi'),
    },
    account: 'main',
    symbols: listed,
    credentials: { apiKey, secret },
  };
}
