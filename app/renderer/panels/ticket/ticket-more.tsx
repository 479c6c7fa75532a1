import { useState, type ReactNode } from 'react';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { OrderTerms } from '../../../engine/domain/order.ts';
import type { Price } from '../../../engine/domain/price.ts';
import { priceText } from '../../format/number-text.ts';
import { extraWords } from '../../format/order-words.ts';
import {
  LONGEST_TEMPLATE_NAME,
  withTemplate,
  type BracketTemplate,
  type ExitUnit,
  type TicketPreferences,
} from '../../state/ticket-preferences.ts';
import { Segments } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icons.tsx';
import type { TicketDraft } from './ticket-draft.ts';
import { Mnemonic, NumberField, TextField } from './ticket-fields.tsx';
import type { DraftField } from './ticket-numbers.ts';

const UNITS: readonly { readonly value: ExitUnit; readonly label: string }[] = [
  { value: 'price', label: 'Price' },
  { value: 'ticks', label: 'Ticks' },
  { value: 'percent', label: '%' },
];

/** The second section: what most orders do without. Folded it still says what it asks for. */
export function MoreFields({
  draft,
  terms,
  instrument,
  preferences,
  wrong,
  onChange,
  onPreferences,
}: {
  readonly draft: TicketDraft;
  readonly terms: OrderTerms | undefined;
  readonly instrument: Instrument;
  readonly preferences: TicketPreferences;
  readonly wrong: (field: DraftField) => string | undefined;
  readonly onChange: (part: Partial<TicketDraft>) => void;
  readonly onPreferences: (preferences: TicketPreferences) => void;
}): ReactNode {
  const { more } = preferences;
  const asked = terms === undefined ? [] : extraWords(terms, instrument);
  const shows = instrument.maxDisplayParts !== undefined;
  return (
    <section className="more" aria-label="More of the order">
      <button
        type="button"
        className="fold"
        data-testid="ticket-more"
        aria-expanded={more}
        aria-keyshortcuts="Alt+M"
        onClick={() => onPreferences({ ...preferences, more: !more })}
      >
        <Icon name="caret" />
        <b>
          <Mnemonic label="More" letter="M" />
        </b>
        <span className="t3" title={asked.join(', ')}>
          {asked.length > 0 ? asked.join(', ') : 'shown part, exits, tag'}
        </span>
      </button>
      <div className="more-fields" hidden={!more}>
        <NumberField
          name="display"
          label="Show"
          letter="W"
          unit={instrument.base}
          placeholder={shows ? 'all' : 'all; the venue hides none'}
          value={draft.display}
          error={wrong('display')}
          onChange={(display) => onChange({ display })}
          onNudge={undefined}
        />
        <div className="row">
          <span className="t3">Exits by</span>
          <Segments
            label="Exits by"
            options={UNITS}
            value={draft.exitUnit}
            onChange={(exitUnit) => onChange({ exitUnit, takeProfit: '', stopLoss: '' })}
          />
        </div>
        <ExitField leg="takeProfit" {...{ draft, terms, instrument, wrong, onChange }} />
        <ExitField leg="stopLoss" {...{ draft, terms, instrument, wrong, onChange }} />
        <Templates
          draft={draft}
          templates={preferences.templates}
          onApply={({ unit, takeProfit, stopLoss }) =>
            onChange({ exitUnit: unit, takeProfit, stopLoss })
          }
          onTemplates={(templates) => onPreferences({ ...preferences, templates })}
        />
        <TextField
          name="tag"
          label="Tag"
          letter="G"
          placeholder="your word for it"
          value={draft.tag}
          error={wrong('tag')}
          onChange={(tag) => onChange({ tag })}
        />
      </div>
    </section>
  );
}

function ExitField({
  leg,
  draft,
  terms,
  instrument,
  wrong,
  onChange,
}: {
  readonly leg: 'takeProfit' | 'stopLoss';
  readonly draft: TicketDraft;
  readonly terms: OrderTerms | undefined;
  readonly instrument: Instrument;
  readonly wrong: (field: DraftField) => string | undefined;
  readonly onChange: (part: Partial<TicketDraft>) => void;
}): ReactNode {
  const unit = { price: instrument.quote, ticks: 'ticks', percent: '%' }[draft.exitUnit];
  const exit: Price | undefined = terms?.bracket?.[leg];
  const byPrice = draft.exitUnit === 'price';
  return (
    <NumberField
      name={leg}
      label={leg === 'takeProfit' ? 'Target' : 'Stop at'}
      letter={leg === 'takeProfit' ? 'R' : 'O'}
      unit={unit}
      placeholder="none"
      value={draft[leg]}
      error={wrong(leg)}
      onChange={(text) => onChange({ [leg]: text })}
      onNudge={undefined}
      {...(exit === undefined || byPrice ? {} : { note: `at ${priceText(exit, instrument)}` })}
    />
  );
}

function Templates({
  draft,
  templates,
  onApply,
  onTemplates,
}: {
  readonly draft: TicketDraft;
  readonly templates: readonly BracketTemplate[];
  readonly onApply: (template: BracketTemplate) => void;
  readonly onTemplates: (templates: readonly BracketTemplate[]) => void;
}): ReactNode {
  const [name, setName] = useState('');
  const { exitUnit, takeProfit, stopLoss } = draft;
  const unit = exitUnit === 'price' ? undefined : exitUnit;
  const some = takeProfit !== '' || stopLoss !== '';
  const saves = name.trim() !== '' && unit !== undefined && some;
  const save = (): void => {
    if (!saves) return;
    onTemplates(withTemplate(templates, { name: name.trim(), unit, takeProfit, stopLoss }));
    setName('');
  };
  return (
    <div className="row">
      <span className="t3">Brackets</span>
      <div className="ctl templates" role="group" aria-label="Bracket templates">
        {templates.map((template) => (
          <span key={template.name} className="chip">
            <button type="button" title={templateWords(template)} onClick={() => onApply(template)}>
              {template.name}
            </button>
            <button
              type="button"
              tabIndex={-1}
              aria-label={`Delete bracket ${template.name}`}
              onClick={() => onTemplates(templates.filter((other) => other !== template))}
            >
              <Icon name="x" />
            </button>
          </span>
        ))}
        <span className="field small">
          <input
            aria-label="Name of a new bracket"
            data-testid="bracket-name"
            placeholder="name"
            title={
              unit === undefined ? 'Brackets are kept as ticks or percent' : 'Keep these exits as'
            }
            value={name}
            maxLength={LONGEST_TEMPLATE_NAME}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              // Enter here keeps a bracket; it never sends the order.
              event.preventDefault();
              save();
            }}
          />
        </span>
        <button type="button" className="chip" disabled={!saves} onClick={save}>
          Keep
        </button>
      </div>
    </div>
  );
}

function templateWords({ unit, takeProfit, stopLoss }: BracketTemplate): string {
  const distance = (text: string): string =>
    text === '' ? 'none' : `${text} ${unit === 'ticks' ? 'ticks' : '%'}`;
  return `Target ${distance(takeProfit)}, stop ${distance(stopLoss)} from the entry`;
}
