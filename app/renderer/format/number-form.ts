/** How numbers are written: named by what one looks like. */
export const NUMBER_FORMS = [
  '1,234.56',
  '1234.56',
  '1 234.56',
  "1'234.56",
  '1.234,56',
  '1 234,56',
] as const;

export type NumberForm = (typeof NUMBER_FORMS)[number];

interface Marks {
  /** Between groups of three digits; empty for none. */
  readonly group: string;
  /** Before the decimals. */
  readonly point: '.' | ',';
}

/** A space that no line breaks at. */
const SPACE = '\u202f';

const MARKS: Readonly<Record<NumberForm, Marks>> = {
  '1,234.56': { group: ',', point: '.' },
  '1234.56': { group: '', point: '.' },
  '1 234.56': { group: SPACE, point: '.' },
  "1'234.56": { group: "'", point: '.' },
  '1.234,56': { group: '.', point: ',' },
  '1 234,56': { group: SPACE, point: ',' },
};

let marks = MARKS['1,234.56'];

/** Numbers are written in this form from now on; what is on the screen already stays as it was printed. */
export function setNumberForm(form: NumberForm): void {
  marks = MARKS[form];
}

/** The mark before the decimals. */
export function decimalPoint(): '.' | ',' {
  return marks.point;
}

/** Plain decimal text (`-1234.5`) as it is shown. */
export function shownNumber(plain: string): string {
  const [whole = '', fraction] = plain.split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, marks.group);
  return fraction === undefined ? grouped : grouped + marks.point + fraction;
}

/** Plain decimal text as a field takes it: the form's point, no groups. */
export function typedNumber(plain: string): string {
  return plain.replace('.', marks.point);
}

/**
 * The plain decimal text of what is shown or was typed; undefined when it is no number of this form. Groups must be whole: a
 * comma that was meant for the point is refused, it never makes a number ten times what was meant.
 */
export function plainNumber(text: string): string | undefined {
  const { group, point } = marks;
  const typed = text
    .trim()
    .replaceAll(/[\u00a0\u2009\u202f]/g, ' ')
    .replace('\u2212', '-');
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/s.exec(typed) ?? [];
  const at = digits.lastIndexOf(point);
  const whole = at < 0 ? digits : digits.slice(0, at);
  const fraction = at < 0 ? undefined : digits.slice(at + 1);
  if (fraction !== undefined && !/^\d*$/.test(fraction)) return undefined;
  const groups = group === '' ? [whole] : whole.split(group === SPACE ? ' ' : group);
  const [first = '', ...rest] = groups;
  const well = rest.length === 0 ? /^\d*$/.test(first) : /^\d{1,3}$/.test(first);
  if (!well || rest.some((part) => !/^\d{3}$/.test(part))) return undefined;
  const joined = groups.join('');
  if (joined === '' && (fraction ?? '') === '') return undefined;
  return sign + joined + (fraction === undefined ? '' : `.${fraction}`);
}
