import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { qd, RunningCommand, TestFolder } from './testing/running-command.ts';

/** Every file below a folder but the ones whose purpose is to hold a secret. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    const holds = ['engine.json', 'metrics-token', 'vault.bin'].includes(entry.name);
    return entry.isFile() && !holds ? [path] : [];
  });
}

/** The sandbox's key and secret are fixed by its seed: what an engine with the same seed must never write down. */
async function secretsOf(seed: string): Promise<string[]> {
  await using sandbox = new RunningCommand('sandbox', '--seed', seed, '--port', '0', '--json');
  await sandbox.says('"keys"');
  const found = sandbox.stdout.match(/[A-Za-z0-9]{40,}/g) ?? [];
  expect(found.length).toBeGreaterThanOrEqual(2);
  return found;
}

test('no key, secret, signature or token is in the log, the journal, the metrics or on a terminal', async () => {
  const secrets = await secretsOf('4711');
  using folder = new TestFolder();
  const options = ['--seed', '4711', '--port', '0', '--log-level', 'debug'];
  await using engine = new RunningCommand('--data', folder.path, 'engine', ...options);
  await engine.says('engine ready');
  const address = new URL(/http:\S+/.exec(engine.stdout)?.[0] ?? '');
  const oneTime = address.hash.replace('#token=', '');
  const metricsToken = readFileSync(join(folder.path, 'run/metrics-token'), 'utf8');
  expect(statSync(join(folder.path, 'run/metrics-token')).mode & 0o777).toBe(0o600);
  const control = JSON.parse(readFileSync(join(folder.path, 'run/engine.json'), 'utf8')) as {
    secret: string;
  };
  const everything = [...secrets, oneTime, metricsToken, control.secret];
  const ends: string[] = [];
  // What a careless client puts where it does not belong.
  await fetch(`${address.origin}/api/v3/order?signature=${secrets[1]}&apiKey=${secrets[0]}`, {
    headers: { authorization: `Bearer ${secrets[1]}x`, 'x-mbx-apikey': secrets[0] ?? '' },
  });
  await fetch(`${address.origin}/metrics?token=${metricsToken}`);
  for (const line of ['unlock', 'arm', 'b 0.01 btcusdt bid-1%', 'cancel all', 'query nobody']) {
    const { stdout } = await qd('--data', folder.path, 'order', line, '--json');
    ends.push(stdout);
  }
  const read = async (): Promise<string> => {
    const headers = { authorization: `Bearer ${metricsToken}` };
    return (await fetch(`${address.origin}/metrics`, { headers })).text();
  };
  // The vitals of a process come once a second.
  await expect.poll(read).toMatch(/^quarterdeck_orders\{status="Canceled"\} 1$/m);
  const text = await read();
  expect(text).toMatch(/bad_inputs_total\{process="main",code="HTTP_REFUSED_401"\} 2/);
  expect(await engine.stop()).toBe(0);
  const log = readFileSync(join(folder.path, 'log/engine.log'), 'utf8');
  expect(log).toContain('HTTP_REFUSED_401');
  expect(log).toContain('ORDER_CHANGED');
  const files = filesBelow(folder.path);
  expect(files.some((file) => file.includes('/journal/'))).toBe(true);
  const shown = engine.stdout.replaceAll(oneTime, '');
  for (const secret of everything) {
    for (const file of files) {
      expect(readFileSync(file).includes(secret), `${secret.slice(0, 4)}… in ${file}`).toBe(false);
    }
    expect(`${text}${engine.stderr}${shown}${ends.join()}`).not.toContain(secret);
  }
}, 60_000);
