import type { ReactNode } from 'react';
import type { InstrumentId } from '../../../engine/domain/identifiers.ts';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import { useFeed } from '../../state/desk.tsx';
import { Check, Segments } from '../../ui/controls.tsx';
import { MenuButton } from '../../ui/menu-button.tsx';
import type { ChartSetup } from './chart-setup.ts';
import { SCALE_CHOICES } from './chart-words.ts';
import { Choice } from './choice.tsx';

const NONE = 'none';

/** Scale of prices, comparison, sessions. */
export function ViewMenu({
  instrument,
  setup,
  onChange,
}: {
  readonly instrument: Instrument;
  readonly setup: ChartSetup;
  readonly onChange: (part: Partial<ChartSetup>) => void;
}): ReactNode {
  const instruments = useFeed((state) => state.instruments);
  const others = instruments.filter(({ id }) => id !== instrument.id);
  const choices = [
    { value: NONE, label: 'nothing' },
    ...others.map(({ id, symbol }) => ({ value: String(id), label: symbol })),
  ];
  return (
    <MenuButton label="View" title="View of the chart">
      <h4>Price scale</h4>
      <Segments
        label="Price scale"
        options={SCALE_CHOICES}
        value={setup.scale}
        onChange={(scale) => onChange({ scale })}
      />
      <h4>Compare with, in percent from the first bar in sight</h4>
      <Choice
        label="Compare with"
        options={choices}
        value={others.some(({ id }) => id === setup.compare) ? String(setup.compare) : NONE}
        onChange={(chosen) =>
          onChange({ compare: chosen === NONE ? null : (chosen as InstrumentId) })
        }
      />
      <h4>Sessions</h4>
      <Check
        label="Shade every other day (UTC)"
        checked={setup.sessions}
        onChange={(sessions) => onChange({ sessions })}
      />
    </MenuButton>
  );
}
