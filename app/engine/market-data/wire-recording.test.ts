import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readWireRecording } from './wire-recording.ts';

const LINES = [
  '1723161253937085768 {"e":"trade"}',
  '1723161253937085769 >{"method":"SUBSCRIBE"}',
  '',
  'wss://venue.test/stream?streams=a/b <-> 1633998511.159679',
  'wss://venue.test/ws <- 1633998511.5: {"op":"subscribe"}',
  'https://venue.test/depth?symbol=A&limit=5 -> 1633998512.320639: {"lastUpdateId":1}',
  '1633998512.0633569: {"e":"kline"}',
  '1633998513\t[1,"x"]',
  '{"topic":"no time"}',
  'configuration: {"trades":["A"]}',
];
const EXPECTED = [
  ['Received', 1723161253937085768n, '{"e":"trade"}'],
  ['Sent', 1723161253937085769n, '{"method":"SUBSCRIBE"}'],
  ['Connected', 1633998511159679000n, ''],
  ['Sent', 1633998511500000000n, '{"op":"subscribe"}'],
  ['Answer', 1633998512320639000n, '{"lastUpdateId":1}'],
  ['Received', 1633998512063356900n, '{"e":"kline"}'],
  ['Received', 1633998513000000000n, '[1,"x"]'],
  ['Received', 0n, '{"topic":"no time"}'],
  ['Note', 0n, '{"trades":["A"]}'],
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wire-recording-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function read(path: string) {
  const lines: unknown[][] = [];
  const errors: { code: string; line: number; fatal: boolean }[] = [];
  const numbers: number[] = [];
  for await (const item of readWireRecording(path)) {
    if (item.ok) {
      const { kind, receivedNanos, raw, line } = item.value;
      lines.push([kind, receivedNanos, Buffer.from(raw).toString()]);
      numbers.push(line);
    } else {
      const { code, line, fatal } = item.error;
      errors.push({ code, line, fatal });
    }
  }
  return { lines, errors, numbers };
}

test.each([
  ['plain.txt', (text: string) => Buffer.from(text)],
  ['packed.txt.gz', (text: string) => gzipSync(text)],
  ['packed.txt.zst', (text: string) => zstdCompressSync(text)],
  ['windows.txt', (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))],
])('%s: every shape of line, with its number', async (name, pack) => {
  const { lines, errors, numbers } = await read(write(name, pack(LINES.join('\n'))));
  expect(errors).toEqual([]);
  expect(lines).toEqual(EXPECTED);
  expect(numbers).toEqual([1, 2, 4, 5, 6, 7, 8, 9, 10]);
});

test('a malformed line is named and reading goes on', async () => {
  const path = write('odd.txt', `${LINES[0]}\nwhat is this\n${LINES[0]}\n`);
  const { lines, errors } = await read(path);
  expect(lines).toHaveLength(2);
  expect(errors).toEqual([{ code: 'LINE_MALFORMED', line: 2, fatal: false }]);
});

const many = Array.from(
  { length: 20_000 },
  (_, index) => `17231612539370857${(index % 100) + 10} {"n":${index * 7919}}`,
).join('\n');

test.each([
  ['cut.txt.gz', gzipSync],
  ['cut.txt.zst', zstdCompressSync],
])('%s: the good part is given, then the cut', async (name, pack) => {
  const whole = pack(many);
  const { lines, errors } = await read(
    write(name, whole.subarray(0, Math.floor(whole.length / 2))),
  );
  expect(lines.length).toBeGreaterThan(1_000);
  expect(errors.at(-1)).toMatchObject({ code: 'RECORDING_TRUNCATED', fatal: true });
  expect(errors.at(-1)?.line).toBeGreaterThanOrEqual(lines.length);
});

test.each([
  ['bad.txt.gz', gzipSync],
  ['bad.txt.zst', zstdCompressSync],
])('%s: damage within is told', async (name, pack) => {
  const bytes = Buffer.from(pack(many));
  bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 64);
  const { errors } = await read(write(name, bytes));
  expect(errors.at(-1)).toMatchObject({ fatal: true });
  expect(['RECORDING_DAMAGED', 'RECORDING_TRUNCATED']).toContain(errors.at(-1)?.code);
});

test('what is no gzip file is told', async () => {
  const { errors } = await read(write('plain-inside.gz', LINES.join('\n')));
  expect(errors).toMatchObject([{ code: 'RECORDING_DAMAGED', line: 0 }]);
});

test('a file that is not there is told', async () => {
  const { errors } = await read(join(folder, 'absent.txt'));
  expect(errors).toMatchObject([{ code: 'RECORDING_UNREADABLE', fatal: true }]);
});
