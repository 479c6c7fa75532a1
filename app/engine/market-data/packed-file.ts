import { createReadStream } from 'node:fs';
import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { readZipEntry } from './zip-entry.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The bytes of a file: as they are, or of a `.gz`, a `.zst` or the one entry of a `.zip` or `.npz` unpacked. */
export function openPacked(path: string): AsyncIterable<unknown> {
  if (/\.(?:zip|npz)$/.test(path)) return readZipEntry(path);
  const bytes = createReadStream(path, { highWaterMark: 1 << 20 });
  const unpack = unpackerOf(path);
  if (unpack === undefined) return bytes;
  bytes.on('error', (error) => unpack.destroy(error));
  return bytes.pipe(unpack);
}

/** Its lines without their ends; the last may have none. Throws the system's or the unpacker's error. */
export async function* readPackedLines(path: string): AsyncGenerator<string, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of openPacked(path)) {
    if (!Buffer.isBuffer(chunk)) continue;
    const data: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let to = data.indexOf(NEWLINE); to >= 0; to = data.indexOf(NEWLINE, from)) {
      yield textOf(data.subarray(from, to));
      from = to + 1;
    }
    rest = data.subarray(from);
  }
  if (rest.length > 0) yield textOf(rest);
}

function textOf(bytes: Buffer): string {
  const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  return bytes.toString('utf8', 0, end);
}

function unpackerOf(path: string): Transform | undefined {
  if (path.endsWith('.gz')) return createGunzip({ chunkSize: 1 << 18 });
  return path.endsWith('.zst') ? createZstdDecompress({ chunkSize: 1 << 18 }) : undefined;
}
