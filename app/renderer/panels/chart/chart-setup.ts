import type { InstrumentId } from '../../../engine/domain/identifiers.ts';
import { INTERVALS, type Interval } from '../../../engine/domain/market.ts';
import {
  checkedStudy,
  standardStudy,
  STUDY_KINDS,
  type StudyKind,
  type StudySpec,
} from '../../../engine/domain/study.ts';
import {
  CHART_SCALES,
  CHART_TYPES,
  type ChartScale,
  type ChartType,
} from '../../charts/chart-bar.ts';
import { DRAWING_KINDS, pointsOf, type Drawing } from '../../charts/drawing.ts';

/** What a chart keeps with its panel. */
export interface ChartSetup {
  readonly interval: Interval;
  readonly type: ChartType;
  readonly scale: ChartScale;
  readonly studies: readonly StudySpec[];
  /** Another instrument over the bars; none when null. */
  readonly compare: InstrumentId | null;
  /** Days are shaded. */
  readonly sessions: boolean;
  /** By instrument. */
  readonly drawings: Readonly<Record<string, readonly Drawing[]>>;
}

/** Form of what is kept; another form is read as far as it is understood. */
export const SETUP_FORM = 1;
/** Most studies of a chart. */
export const MOST_STUDIES = 12;
/** Most drawings of a chart, of all instruments, and letters of a text: what a panel may keep has a bound. */
export const MOST_DRAWINGS = 80;
export const LONGEST_TEXT = 60;

/** The setup that was kept, by any release: what is missing or is none is as on a new chart. */
export function readSetup(kept: unknown): ChartSetup {
  const { interval, type, scale, studies, compare, sessions, drawings } = recordOf(kept);
  return {
    interval: oneOf(INTERVALS, interval, '1m'),
    type: oneOf(CHART_TYPES, type, 'candles'),
    scale: oneOf(CHART_SCALES, scale, 'linear'),
    studies: readStudies(studies),
    compare: typeof compare === 'string' ? (compare as InstrumentId) : null,
    sessions: sessions === true,
    drawings: readDrawings(drawings),
  };
}

function readDrawings(kept: unknown): ChartSetup['drawings'] {
  let room = MOST_DRAWINGS;
  const read: [string, readonly Drawing[]][] = [];
  for (const [instrument, list] of Object.entries(recordOf(kept))) {
    const drawings = numbered(listOf(list).flatMap(readDrawing).slice(0, room));
    room -= drawings.length;
    if (drawings.length > 0) read.push([instrument, drawings]);
  }
  return Object.fromEntries(read);
}

/** With a number of its own for each: those they have, or others when two have the same or one has none. */
function numbered(drawings: readonly Drawing[]): readonly Drawing[] {
  const numbers = new Set(drawings.map(({ id }) => id));
  const usable = numbers.size === drawings.length && [...numbers].every((id) => id > 0);
  return usable ? drawings : drawings.map((drawing, index) => ({ ...drawing, id: index + 1 }));
}

function readDrawing(kept: unknown): readonly Drawing[] {
  const { id, kind, points, text } = recordOf(kept);
  const known = DRAWING_KINDS.find((one) => one === kind);
  const places = listOf(points).flatMap((point) => {
    const { time, price } = recordOf(point);
    const whole = Number.isFinite(time) && Number.isFinite(price);
    return whole ? [{ time: Number(time), price: Number(price) }] : [];
  });
  if (known === undefined || places.length !== pointsOf(known)) return [];
  const drawing = { id: Number.isSafeInteger(id) ? Number(id) : 0, kind: known, points: places };
  if (known !== 'text') return [drawing];
  return typeof text === 'string' && text !== '' && text.length <= LONGEST_TEXT
    ? [{ ...drawing, text }]
    : [];
}

/** The drawings with those of an instrument replaced; as they were when there is no room. */
export function withDrawings(
  drawings: ChartSetup['drawings'],
  instrument: InstrumentId,
  own: readonly Drawing[],
): ChartSetup['drawings'] {
  const { [instrument]: _before, ...others } = drawings;
  const all = Object.values(others).reduce((sum, list) => sum + list.length, own.length);
  if (all > MOST_DRAWINGS) return drawings;
  return own.length === 0 ? others : { ...others, [instrument]: own };
}

/** A value read from outside as a record; an empty one when it is none. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as Readonly<Record<string, unknown>>) : {};
}

/** A value read from outside as a list; an empty one when it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What a new chart begins with: the volume-weighted price of the day. */
const NEW_STUDIES: readonly StudySpec[] = [standardStudy('Vwap')];

/** A list that was kept is as it was left, also when nothing is on it. */
function readStudies(kept: unknown): readonly StudySpec[] {
  if (!Array.isArray(kept)) return NEW_STUDIES;
  return kept.flatMap(readStudy).slice(0, MOST_STUDIES);
}

function readStudy(kept: unknown): readonly StudySpec[] {
  const { kind, parameters } = recordOf(kept);
  const known = STUDY_KINDS.find((one) => one === kind);
  const numbers = listOf(parameters).filter((value) => typeof value === 'number');
  if (known === undefined) return [];
  const checked = checkedStudy({ kind: known, parameters: numbers });
  return checked.ok ? [checked.value] : [];
}

function oneOf<T extends string>(choices: readonly T[], kept: unknown, otherwise: T): T {
  return choices.find((choice) => choice === kept) ?? otherwise;
}

/** The studies with one more, each named by what it is: the same twice is the same. */
export function withStudy(studies: readonly StudySpec[], added: StudySpec): readonly StudySpec[] {
  const known = studies.some((one) => studyId(one) === studyId(added));
  return known || studies.length >= MOST_STUDIES ? studies : [...studies, added];
}

/** Names a study among those of a chart. */
export function studyId({
  kind,
  parameters,
}: {
  kind: StudyKind;
  parameters: readonly number[];
}): string {
  return `${kind} ${parameters.join(' ')}`;
}
