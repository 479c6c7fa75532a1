import { expect, test } from 'vitest';
import {
  MOST_TEMPLATES,
  ticketPreferencesOf,
  withTemplate,
  type BracketTemplate,
} from './ticket-preferences.ts';

const SCALP: BracketTemplate = { name: 'scalp', unit: 'ticks', takeProfit: '12', stopLoss: '' };

test('the ticket is read back as it was saved', () => {
  const ticket = { more: true, templates: [SCALP] };
  const part: unknown = JSON.parse(JSON.stringify(ticket));
  expect(ticketPreferencesOf(part)).toEqual(ticket);
});

test.each([
  [null],
  [[]],
  [7],
  [{ more: 'yes', templates: {} }],
  [{ templates: [null, { ...SCALP, unit: 'price' }, { ...SCALP, stopLoss: '1e3' }] }],
  [
    {
      templates: [
        { ...SCALP, name: '' },
        { ...SCALP, name: 'x'.repeat(17) },
      ],
    },
  ],
])('%j is as on a new desk', (part) => {
  expect(ticketPreferencesOf(part)).toEqual({ more: false, templates: [] });
});

test('a template replaces the one of its name, and the oldest goes', () => {
  const wider = { ...SCALP, takeProfit: '24' };
  expect(withTemplate([SCALP], wider)).toEqual([wider]);
  const many = Array.from({ length: MOST_TEMPLATES }, (_, at) => ({ ...SCALP, name: `n${at}` }));
  const kept = withTemplate(many, SCALP).map(({ name }) => name);
  expect(kept).toHaveLength(MOST_TEMPLATES);
  expect([kept[0], kept.at(-1)]).toEqual(['n1', 'scalp']);
});
