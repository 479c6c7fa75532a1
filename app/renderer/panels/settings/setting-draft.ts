import { plainNumber } from '../../format/number-form.ts';
import type { Setting } from '../../state/desk.tsx';

/** A typed value, or why it is none. */
export type Draft =
  | { readonly ok: true; readonly value: Setting['value'] }
  | { readonly ok: false; readonly why: string };

/** What is typed into a field as the setting's value. The host checks it again. */
export function readDraft(setting: Setting, text: string): Draft {
  if (setting.type === 'list') {
    const value = text.split(/[\s,]+/).filter((word) => word !== '');
    return value.length === 0
      ? { ok: false, why: 'at least one is needed' }
      : { ok: true, value: value.map((word) => word.toUpperCase()) };
  }
  if (setting.type !== 'number') return { ok: true, value: text.trim() };
  const { least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER } = setting;
  const value = Number(plainNumber(text) ?? Number.NaN);
  const whole = text.trim() !== '' && Number.isSafeInteger(value);
  if (whole && value >= least && value <= most) return { ok: true, value };
  return { ok: false, why: `expected a whole number from ${least} to ${most}` };
}

/** A value as it is typed. */
export function editText(value: Setting['value']): string {
  return Array.isArray(value) ? value.join(' ') : String(value);
}

/** A value as it is read. */
export function valueWords(value: Setting['value']): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** True when the setting has another value than its default. */
export function isChanged({ value, default: usual }: Setting): boolean {
  return JSON.stringify(value) !== JSON.stringify(usual);
}

/** Settings in whose words or key every word of `text` is found. */
export function search(settings: readonly Setting[], text: string): readonly Setting[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return settings.filter(({ key, section, title, help, unit = '', choices = [] }) => {
    const all = [key, section, title, help, unit, ...choices].join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
