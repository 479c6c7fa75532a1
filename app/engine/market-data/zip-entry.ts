import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { crc32, createInflateRaw } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const LONGEST_COMMENT = 65_535;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;

/** An entry of a zip file, as its list tells of it. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly checksum: number;
  readonly packedBytes: number;
  /** Where its own header stands. */
  readonly header: number;
}

/** Why a zip file is not read; thrown while it is. */
export class ZipError extends Error {
  readonly code = 'ZIP_DAMAGED';
}

/**
 * The bytes of the only entry of a zip file, stored or deflated. Throws ZipError for a file that is none, that holds
 * another number of entries, an encrypted one or one of 4 GiB, and when the bytes are not those of its checksum.
 */
export async function* readZipEntry(path: string): AsyncGenerator<Buffer, void, undefined> {
  const [entry, ...others] = await listZipEntries(path);
  const count = others.length + (entry === undefined ? 0 : 1);
  if (entry === undefined || count !== 1) {
    throw new ZipError(`a recording is the only entry of its file, here are ${count}`);
  }
  yield* readEntry(path, entry);
}

/** The bytes of an entry. Throws ZipError when it is not where the list says or its bytes are not those of its checksum. */
export async function* readEntry(
  path: string,
  { packedBytes, header, method, checksum }: ZipEntry,
): AsyncGenerator<Buffer, void, undefined> {
  if (packedBytes === 0) return;
  const from = await findBytes(path, header, packedBytes);
  const packed = createReadStream(path, { start: from, end: from + packedBytes - 1 });
  const bytes = method === STORED ? packed : packed.pipe(createInflateRaw());
  packed.on('error', (error) => bytes.destroy(error));
  let sum = 0;
  for await (const chunk of bytes) {
    if (!Buffer.isBuffer(chunk)) continue;
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== checksum) {
    throw new ZipError(`the entry's checksum must be ${checksum}, was ${sum}`);
  }
}

/** What a zip file holds, in its order. Throws ZipError for a file that is none, and for an entry that is encrypted or packed in another way. */
export async function listZipEntries(path: string): Promise<readonly ZipEntry[]> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - END_BYTES - LONGEST_COMMENT), size);
  const end = lastIndexOf(tail, END_OF_DIRECTORY);
  if (end < 0 || end + END_BYTES > tail.length) throw new ZipError('the file is no whole zip file');
  const count = tail.readUInt16LE(end + 10);
  const from = tail.readUInt32LE(end + 16);
  const list = await readAt(file, from, from + tail.readUInt32LE(end + 12));
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count;) {
    if (at + ENTRY_BYTES > list.length || list.readUInt32LE(at) !== DIRECTORY_ENTRY) {
      throw new ZipError('the list of entries is damaged');
    }
    const method = list.readUInt16LE(at + 10);
    const isPlain = (list.readUInt16LE(at + 8) & ENCRYPTED) === 0;
    if (!isPlain || (method !== STORED && method !== DEFLATED)) {
      const was = isPlain ? `method ${method}` : 'encrypted';
      throw new ZipError(`the entry must be stored or deflated, was ${was}`);
    }
    const nameEnd = at + ENTRY_BYTES + list.readUInt16LE(at + 28);
    entries.push({
      name: list.toString('utf8', at + ENTRY_BYTES, nameEnd),
      method,
      checksum: list.readUInt32LE(at + 16),
      packedBytes: list.readUInt32LE(at + 20),
      header: list.readUInt32LE(at + 42),
    });
    at = nameEnd + list.readUInt16LE(at + 30) + list.readUInt16LE(at + 32);
  }
  return entries;
}

/** Where the bytes of an entry begin. */
async function findBytes(path: string, header: number, packedBytes: number): Promise<number> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const local = await readAt(file, header, header + LOCAL_BYTES);
  if (local.length < LOCAL_BYTES || local.readUInt32LE(0) !== LOCAL_HEADER) {
    throw new ZipError('the entry is not where the list says');
  }
  const from = header + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (from + packedBytes > size) throw new ZipError('the entry ends behind the file');
  return from;
}

/** The bytes of [from, to), fewer where the file ends. */
async function readAt(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(to - from);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
  return bytes.subarray(0, bytesRead);
}

function lastIndexOf(bytes: Buffer, signature: number): number {
  const wanted = Buffer.alloc(4);
  wanted.writeUInt32LE(signature);
  return bytes.lastIndexOf(wanted);
}
