import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { present } from '../engine/base/invariant.ts';
import { qd, RunningCommand, TestFolder, type CommandEnd } from './testing/running-command.ts';

interface KillDocument {
  readonly ok: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly takenAfterMs?: number;
  readonly receipts: readonly {
    readonly kind: string;
    readonly step: string;
    readonly flat: boolean;
    readonly via?: string;
    readonly lines: readonly { readonly orders: readonly { readonly outcome: string }[] }[];
  }[];
}

const folder = new TestFolder();
let engine: RunningCommand;

beforeAll(async () => {
  const market = ['--seed', '31', '--limits', 'open'];
  engine = new RunningCommand('--data', folder.path, 'engine', ...market);
  await engine.says('engine ready');
}, 60_000);

afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

function order(...args: readonly string[]): Promise<CommandEnd> {
  return qd('--data', folder.path, 'order', ...args);
}

function document(end: CommandEnd): KillDocument {
  expect(end.stderr).toBe('');
  return JSON.parse(end.stdout) as KillDocument;
}

function outcomes({ receipts }: KillDocument): string[] {
  return receipts.flatMap(({ lines }) =>
    lines.flatMap(({ orders }) => orders.map(({ outcome }) => outcome)),
  );
}

test('a drill ends with 0 and names what a kill would cancel; the order rests on', async () => {
  for (const words of ['unlock', 'arm', 'b 0.01 btcusdt bid-1%']) {
    expect(await order(words)).toMatchObject({ status: 0 });
  }
  const told = await order('kill', '--drill');
  expect(told).toMatchObject({ status: 0, stderr: '' });
  expect(told.stdout).toContain('DRILL: the venue answered, nothing was touched');
  expect(told.stdout).toContain('WouldCancel');
  const again = document(await order('kill', '--drill', '--json'));
  expect(again.ok).toBe(true);
  expect(again.receipts).toMatchObject([{ kind: 'Drill', step: 'Done', via: 'CommandLine' }]);
  expect(outcomes(again)).toEqual(['WouldCancel']);
}, 60_000);

test('a kill ends with 0 once the venue said flat, as a document and as lines', async () => {
  const end = await order('kill', '--json');
  expect(end.status).toBe(0);
  const killed = document(end);
  expect(killed).toMatchObject({
    ok: true,
    receipts: [{ kind: 'Kill', step: 'Done', flat: true }],
  });
  expect(killed).not.toHaveProperty('code');
  expect(killed.takenAfterMs).toBeGreaterThanOrEqual(0);
  expect(outcomes(killed)).toEqual(['Canceled']);
  const told = await order('kill');
  expect(told).toMatchObject({ status: 0, stderr: '' });
  expect(told.stdout).toMatch(/^KILL: proved flat at the venue\n/);
  expect(told.stdout).toContain('by command-line (CommandLine), taken after');
  expect(told.stdout).not.toContain('NOT PROVED');
}, 60_000);

/** The process of the built-in exchange, a child of the engine's; told by Linux. */
function exchangePid(): number {
  const children = readFileSync(`/proc/${engine.pid}/task/${engine.pid}/children`, 'utf8');
  const found = children
    .trim()
    .split(' ')
    .find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('sandbox'));
  return Number(present(found, 'the process of the exchange'));
}

test.skipIf(process.platform !== 'linux')(
  'while the exchange does not answer it ends with 1 and NOT PROVED; the kill goes on',
  async () => {
    const exchange = exchangePid();
    process.kill(exchange, 'SIGSTOP');
    try {
      const end = await order('kill', '--json', '--wait', '1');
      expect(end.status).toBe(1);
      expect(document(end)).toMatchObject({
        ok: false,
        code: 'NOT_PROVED',
        receipts: [{ kind: 'Kill', flat: false }],
      });
      expect(document(end).message).toMatch(/^NOT PROVED: /);
      const told = await order('kill', '--wait', '1');
      expect(told.status).toBe(1);
      expect(told.stdout).toContain('KILL: NOT PROVED flat');
      expect(told.stdout).not.toContain('proved flat at the venue');
    } finally {
      process.kill(exchange, 'SIGCONT');
    }
    expect(await order('kill')).toMatchObject({ status: 0 });
  },
  90_000,
);

test('the history has them in order, also without an engine; without one a kill says so', async () => {
  await order('kill', '--json');
  const told = await order('kill', '--history', '--json');
  expect(told.status).toBe(0);
  await engine.stop();
  const after = await order('kill', '--history', '--json');
  expect(after).toMatchObject({ status: 0, stdout: told.stdout });
  const { receipts } = JSON.parse(after.stdout) as {
    receipts: { kind: string; proved: boolean }[];
  };
  expect(receipts.slice(0, 4).map(({ kind }) => kind)).toEqual(['Drill', 'Drill', 'Kill', 'Kill']);
  expect(receipts.at(-1)).toMatchObject({ kind: 'Kill', proved: true });
  const table = await order('kill', '--history');
  expect(table.status).toBe(0);
  expect(table.stdout.trimEnd().split('\n').length).toBeGreaterThanOrEqual(5);
  const nobody = await order('kill', '--json');
  expect(nobody.status).not.toBe(0);
  expect(nobody.stdout).not.toContain('"ok":true');
}, 60_000);
