import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readZipEntry } from './zip-entry.ts';

const TEXT = Buffer.from('{"a":1}\n'.repeat(50_000));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zip-entry-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Parts {
  readonly method?: number;
  readonly flags?: number;
  readonly count?: number;
  readonly checksum?: number;
  readonly comment?: string;
}

/** A zip file of one entry, by the format's own description. */
function zip(parts: Parts = {}): Buffer {
  const { method = 8, flags = 0, count = 1, checksum = crc32(TEXT), comment = '' } = parts;
  const packed = method === 0 ? TEXT : deflateRawSync(TEXT);
  const name = Buffer.from('day.data');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(method, 8);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(flags, 8);
  entry.writeUInt16LE(method, 10);
  entry.writeUInt32LE(checksum, 16);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(TEXT.length, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  const list = Array.from({ length: count }, () => [entry, name]).flat();
  end.writeUInt32LE((entry.length + name.length) * count, 12);
  end.writeUInt32LE(local.length + name.length + packed.length, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([local, name, packed, ...list, end, Buffer.from(comment)]);
}

async function read(bytes: Buffer): Promise<string> {
  const path = join(folder, 'day.zip');
  writeFileSync(path, bytes);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of readZipEntry(path)) chunks.push(chunk);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return Buffer.concat(chunks).equals(TEXT) ? 'whole' : 'other bytes';
}

test.each<[string, Parts]>([
  ['stored', { method: 0 }],
  ['deflated', { method: 8 }],
  ['with a comment', { comment: 'made by hand' }],
])('the entry is read: %s', async (_, parts) => {
  expect(await read(zip(parts))).toBe('whole');
});

test.each<[string, Buffer, string]>([
  ['no zip file', Buffer.from('plain'), 'the file is no whole zip file'],
  ['empty', Buffer.alloc(0), 'the file is no whole zip file'],
  ['its end is missing', zip().subarray(0, -30), 'the file is no whole zip file'],
  ['two entries', zip({ count: 2 }), 'a recording is the only entry of its file, here are 2'],
  ['another method', zip({ method: 12 }), 'the entry must be stored or deflated, was method 12'],
  ['encrypted', zip({ flags: 1 }), 'the entry must be stored or deflated, was encrypted'],
  ['its beginning is missing', zip().subarray(40), 'the list of entries is damaged'],
  ['other bytes', zip({ checksum: 5 }), `the entry's checksum must be 5, was ${crc32(TEXT)}`],
])('a damaged file is named: %s', async (_, bytes, message) => {
  expect(await read(bytes)).toBe(message);
});
