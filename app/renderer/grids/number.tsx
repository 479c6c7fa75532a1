import type { ReactNode } from 'react';
import { splitTrailingZeros } from '../format/number-text.ts';

/** A printed number with its trailing zeros quiet. */
export function NumberText({ text }: { readonly text: string }): ReactNode {
  const [front, zeros] = splitTrailingZeros(text);
  return (
    <>
      {front}
      {zeros !== '' && <i className="z">{zeros}</i>}
    </>
  );
}
