import { createServer, type AddressInfo } from 'node:net';
import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { qd, RunningCommand, TestFolder } from './testing/running-command.ts';

describe('starting where something stands in the way', () => {
  test('a second engine on a data folder is refused with the pid of the first', async () => {
    using folder = new TestFolder();
    await using first = new RunningCommand('--data', folder.path, 'engine', '--seed', '31');
    await first.says('engine ready');
    const second = await qd('--data', folder.path, 'engine');
    expect(second.status).toBe(1);
    expect(second.stderr).toContain(`in use by the engine with pid ${first.pid}`);
    expect(second.stderr).toContain(folder.path);
    expect(await first.stop()).toBe(0);
  });

  test('a port in use is named', async () => {
    using folder = new TestFolder();
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    const desk = await qd('--data', folder.path, 'desk', '--port', String(port));
    holder.close();
    expect(desk.status).toBe(1);
    expect(desk.stderr).toContain(`port ${port} is in use`);
    expect(desk.stderr).toContain('--port');
  });

  test('a data folder that cannot be written is named', async () => {
    using folder = new TestFolder();
    const file = join(folder.path, 'a-file');
    writeFileSync(file, '');
    const engine = await qd('--data', join(file, 'data'), 'engine');
    expect(engine.status).toBe(1);
    expect(engine.stderr).toContain(`data folder ${join(file, 'data')} cannot be written`);
    expect(engine.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('an error in settings.json names line and key, and the engine runs on its default', async () => {
    using folder = new TestFolder();
    const settings = '{\n  "risk": {\n    "maxOpenOrders": "many"\n  }\n}\n';
    writeFileSync(join(folder.path, 'settings.json'), settings);
    await using engine = new RunningCommand('--data', folder.path, 'engine', '--seed', '32');
    await engine.says('engine ready');
    expect(engine.stderr).toContain('settings.json line 3: risk.maxOpenOrders');
    expect(engine.stderr).toContain('was "many"');
    expect(await engine.stop()).toBe(0);
  });

  test.each([
    [['engine', '--seed', 'seven'], 'expected a whole number, was seven'],
    [['desk', '--port', '70000'], 'expected a port 0..65535, was 70000'],
    [['engine', '--replay', '/no/such/file'], 'there is no file /no/such/file'],
    [['feed', 'verify', '--venue', 'nowhere', 'x'], 'nowhere'],
    [['frobnicate'], 'frobnicate'],
  ])('%j is a wrong command line', async (args, said) => {
    using folder = new TestFolder();
    const end = await qd('--data', folder.path, ...args);
    expect(end.status).toBe(2);
    expect(end.stderr).toContain(said);
    expect(end.stdout).toBe('');
  });

  test('without an engine an order says how to start one', async () => {
    using folder = new TestFolder();
    const end = await qd('--data', folder.path, 'order', 'arm');
    expect(end.status).toBe(1);
    expect(end.stderr).toContain(`no engine runs on ${folder.path}`);
  });
});

describe('a line of the order language', () => {
  let folder: TestFolder;
  let engine: RunningCommand;

  beforeAll(async () => {
    folder = new TestFolder();
    engine = new RunningCommand('--data', folder.path, 'engine', '--seed', '33');
    await engine.says('engine ready');
  });

  afterAll(async () => {
    await engine.stop();
    folder[Symbol.dispose]();
  });

  test.each([
    ['b 0.01 nopeusdt mkt', 8, '"nopeusdt"'],
    ['b 0.01 btcusdt 61234.567', 16, '61234.56 or 61234.57'],
    ['b 0.000001 btcusdt mkt', 3, '0.00001'],
    ['b -1 btcusdt mkt', 3, '"-1"'],
    ['x 1 btcusdt mkt', 1, '"x"'],
    ['b 1 btcusdt mkt frob', 17, '"frob"'],
    ['b 1 btcusdt bid+x', 13, '"bid+x"'],
  ])('"%s" is refused at column %i', async (text, column, said) => {
    const end = await qd('--data', folder.path, 'order', text);
    expect(end.status).toBe(2);
    expect(end.stderr).toMatch(new RegExp(`^column ${column}: `));
    expect(end.stderr).toContain(said);
    expect(end.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('an order that is not there cannot be cancelled', async () => {
    const end = await qd('--data', folder.path, 'order', 'cancel qdnothing-1', '--json');
    expect(end.status).toBe(1);
    expect(JSON.parse(end.stdout)).toMatchObject({ ok: false });
  });
});

/** A recording of two trades and a snapshot in Binance's words; the times are nanoseconds. */
const LINES = [
  '1723161254087896568 {"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":1,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":true,"M":true}}',
  '1723161254206652067 {"lastUpdateId":10,"bids":[["61837.63000000","3.78826000"]],"asks":[["61837.64000000","1.54698000"]]}',
  '1723161254347673567 {"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255619,"s":"BTCUSDT","t":2,"p":"61837.63000000","q":"0.04800000","T":1723161255617,"m":true,"M":true}}',
];

describe('a recording that is cut or damaged', () => {
  const verify = ['feed', 'verify', '--venue', 'binance'];

  test('a damaged line is named, the lines around it are read', async () => {
    using folder = new TestFolder();
    const file = join(folder.path, 'damaged.txt');
    const [first = '', ...rest] = LINES;
    writeFileSync(file, [first, '1723161254100000000 {"stream":"btcusd', ...rest, ''].join('\n'));
    const end = await qd(...verify, file, '--json');
    expect(end.status).toBe(1);
    const report = JSON.parse(end.stdout) as { trades: number; parseErrors: number };
    expect(report).toMatchObject({ trades: 2, parseErrors: 1 });
    expect(end.stdout).toContain('"line":2');
  });

  test('a compressed file cut in its middle keeps its good beginning and names the place', async () => {
    using folder = new TestFolder();
    const file = join(folder.path, 'cut.txt.gz');
    const many = Array.from({ length: 4000 }, (_, index) =>
      (LINES[0] ?? '').replace('"t":1,', `"t":${index + 1},`),
    );
    const bytes = gzipSync(`${many.join('\n')}\n`);
    writeFileSync(file, bytes);
    truncateSync(file, Math.floor(bytes.byteLength / 2));
    const end = await qd(...verify, file, '--json');
    expect([1, 2]).toContain(end.status);
    expect(end.stderr).toContain(`${file} line `);
  });

  test('a file that is no recording at all is a wrong input', async () => {
    using folder = new TestFolder();
    const file = join(folder.path, 'letter.txt');
    writeFileSync(file, 'Dear venue,\nplease find enclosed\n');
    const end = await qd(...verify, file);
    expect(end.status).toBe(2);
    expect(end.stderr).toContain(`${file} line 1`);
    expect(end.stdout).toBe('');
  });

  test('a replay of a file that is no recording says so and starts nothing', async () => {
    using folder = new TestFolder();
    const file = join(folder.path, 'letter.txt');
    writeFileSync(file, 'Dear venue,\n');
    const end = await qd('--data', folder.path, 'engine', '--replay', file);
    expect(end.status).not.toBe(0);
    expect(end.stderr).toContain('nothing can be replayed');
    expect(readdirSync(join(folder.path, 'journal'))).toEqual([]);
  });
});
