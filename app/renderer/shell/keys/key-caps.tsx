import type { ReactNode } from 'react';
import { Keys } from '../../ui/controls.tsx';
import type { ListedKey } from './listed-keys.ts';

/** The keys of a command; a dry run says so. */
export function KeyCaps({ keys }: { readonly keys: readonly ListedKey[] }): ReactNode {
  return (
    <span className="chords">
      {keys.map(({ chord, dry }) => (
        <span key={chord} className="chord">
          {dry && (
            <span className="dry-tag" title="Shows what it would send, and sends nothing">
              dry run
            </span>
          )}
          <Keys chord={chord} />
        </span>
      ))}
    </span>
  );
}
