import type { Reader } from './fuzz-reader.ts';

const LOCK: Reader = {
  name: 'a lock of three digits',
  examples: ['q'],
  read(bytes) {
    const [first, second, third] = bytes;
    if (first !== 0x30) return;
    if (second !== 0x39) return;
    if (third === 0x7b) throw new Error('the lock is open');
  },
};

const TRAP: Reader = {
  name: 'a trap',
  examples: ['q'],
  read(bytes) {
    while (bytes[0] === 0x5b);
  },
};

/** Readers that must be found wrong: one throws behind three checks that only an input which keeps what it found gets through; one never answers. */
export const READERS: readonly Reader[] = process.env['QD_CANARY'] === 'trap' ? [TRAP] : [LOCK];
