import type { NativeIoError } from './error-binding.ts';

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'no more of the disk may be used',
  EROFS: 'the disk is read-only',
  EACCES: 'it may not be written',
  EIO: 'the disk fails',
  EMFILE: 'too many files are open',
};

/** What the system refused and why, in words where the reason has some. */
export function ioWords({ code, detail }: Pick<NativeIoError, 'code' | 'detail'>): string {
  const words = WORDS[code];
  return words === undefined ? detail : `${detail} (${words})`;
}
