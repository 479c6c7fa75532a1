import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { InstrumentId } from '../../../engine/domain/identifiers.ts';
import type { WhatIf } from '../../state/what-if.ts';
import { Keys } from '../../ui/controls.tsx';
import { parseMove } from './move-text.ts';
import type { PositionRow } from './position-row.ts';

/** Prices are supposed; how, as soon as what is typed is a move. */
export interface WhatIfChoice {
  readonly supposed: WhatIf | undefined;
}

/** What is supposed: a move in percent, of all prices or of one instrument's. It sends nothing. */
export function WhatIfBar({
  rows,
  onChange,
  onLeave,
}: {
  readonly rows: readonly PositionRow[];
  readonly onChange: (choice: WhatIfChoice) => void;
  readonly onLeave: () => void;
}): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('0');
  const [chosen, setChosen] = useState<InstrumentId>();
  const instruments = new Map(rows.map((row) => [row.instrument.id, row.instrument.symbol]));
  // A position that is there no more is not in the list: then all move, as the list says.
  const instrument = chosen !== undefined && instruments.has(chosen) ? chosen : undefined;
  const move = parseMove(text);
  const error = move.ok ? undefined : move.error.message;
  const value = move.ok ? move.value : undefined;
  useEffect(() => {
    onChange({ supposed: value === undefined ? undefined : { move: value, instrument } });
  }, [onChange, value, instrument]);
  useEffect(() => field.current?.select(), []);
  return (
    <div className="what-if-bar" role="group" aria-label="What if">
      <b className="what-if-tag">WHAT IF</b>
      <span className="t2">Nothing of this is real, nothing is sent</span>
      <label>
        Prices move
        <input
          ref={field}
          value={text}
          inputMode="decimal"
          aria-label="Move of prices in percent"
          aria-invalid={error !== undefined}
          onChange={(event) => setText(event.target.value)}
        />
        %
      </label>
      <select
        className="chip"
        aria-label="Whose prices move"
        value={instrument ?? ''}
        onChange={(event) => {
          const { value: id } = event.target;
          setChosen(id === '' ? undefined : (id as InstrumentId));
        }}
      >
        <option value="">of every instrument</option>
        {[...instruments].map(([id, symbol]) => (
          <option key={id} value={id}>
            of {symbol} alone
          </option>
        ))}
      </select>
      <button type="button" className="chip" onClick={onLeave}>
        Leave <Keys chord="Esc" />
      </button>
      {error !== undefined && (
        <span className="why" role="alert">
          {error}
        </span>
      )}
    </div>
  );
}
