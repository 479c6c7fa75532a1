import type { ReactNode } from 'react';
import { notionalScale, type Instrument } from '../../../engine/domain/instrument.ts';
import type { OrderTerms } from '../../../engine/domain/order.ts';
import { notional, type Price, type Quantity } from '../../../engine/domain/price.ts';
import { moneyText, shortQuantity } from '../../format/number-text.ts';
import { useDesk, useLink } from '../../state/desk.tsx';
import { entryPrice, quantityIn, type TicketDraft } from './ticket-draft.ts';
import { NumberField } from './ticket-fields.tsx';

/** Quantity in the asset traded or in what is paid with, the other beside it, and sizes to choose. */
export function QuantityField({
  draft,
  terms,
  touch,
  instrument,
  presets,
  error,
  onChange,
}: {
  readonly draft: TicketDraft;
  readonly terms: OrderTerms | undefined;
  readonly touch: Price | undefined;
  readonly instrument: Instrument;
  readonly presets: readonly Quantity[];
  readonly error: string | undefined;
  readonly onChange: (part: Partial<TicketDraft>) => void;
}): ReactNode {
  const desk = useDesk();
  const size = useLink((state) => state.sizes.get(instrument.id));
  const { unit } = draft;
  const other = unit === 'base' ? 'quote' : 'base';
  const toggle = (): void =>
    onChange({ unit: other, quantity: quantityIn(other, terms, touch, instrument) });
  const note = otherText(terms, touch, draft, instrument);
  const nudge = (steps: number): void => {
    const step =
      instrument.stepSize *
      10 ** Math.max(0, Math.floor(Math.log10((size ?? 1) / instrument.stepSize)));
    const next = Math.max(instrument.minQuantity, (size ?? 0) + steps * step);
    desk.link.setSize(instrument.id, next as Quantity);
  };
  return (
    <>
      <NumberField
        name="quantity"
        label="Quantity"
        letter="Q"
        unit={
          <button
            type="button"
            className="unit"
            data-testid="ticket-unit"
            title={`In ${instrument[unit]}; press for ${instrument[other]}`}
            aria-label={`Quantity in ${instrument[unit]}, change to ${instrument[other]}`}
            onClick={toggle}
          >
            {instrument[unit]}
          </button>
        }
        value={draft.quantity}
        error={error}
        onChange={(quantity) => onChange({ quantity })}
        onNudge={unit === 'base' ? nudge : undefined}
      />
      <div className="row">
        <span />
        <div className="presets" role="group" aria-label="Sizes">
          {presets.map((preset) => (
            <button
              key={preset}
              type="button"
              tabIndex={-1}
              className={`chip${preset === terms?.quantity ? ' on' : ''}`}
              aria-pressed={preset === terms?.quantity}
              onClick={() => {
                desk.link.setSize(instrument.id, preset);
                onChange({ unit: 'base', quantity: shortQuantity(preset, instrument) });
              }}
            >
              {shortQuantity(preset, instrument)}
            </button>
          ))}
        </div>
      </div>
      <div className="row other" data-testid="ticket-other-unit">
        <span />
        <output className="t3">{note}</output>
      </div>
    </>
  );
}

/** What the quantity is in the unit it is not typed in. */
function otherText(
  terms: OrderTerms | undefined,
  touch: Price | undefined,
  draft: TicketDraft,
  instrument: Instrument,
): string {
  const at = terms === undefined ? undefined : entryPrice(terms, touch);
  if (terms === undefined || at === undefined) return '';
  if (draft.unit === 'quote') {
    return `is ${shortQuantity(terms.quantity, instrument)} ${instrument.base}, down to the lot`;
  }
  const value = moneyText(notional(at, terms.quantity), notionalScale(instrument));
  return `is ${value} ${instrument.quote}`;
}
