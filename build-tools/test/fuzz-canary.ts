import type { Reader } from './fuzzer.ts';

/** A reader that must be found wrong: it throws behind three checks that only an input which keeps what it found gets through. */
export const READERS: readonly Reader[] = [
  {
    name: 'a lock of three digits',
    examples: ['q'],
    read(bytes) {
      const [first, second, third] = bytes;
      if (first !== 0x30) return;
      if (second !== 0x39) return;
      if (third === 0x7b) throw new Error('the lock is open');
    },
  },
];
