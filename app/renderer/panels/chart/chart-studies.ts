import type { Instrument } from '../../../engine/domain/instrument.ts';
import {
  studyDefinition,
  type StudyKind,
  type StudyOutput,
  type StudySpec,
} from '../../../engine/domain/study.ts';
import type { StudyLook, StudyShape, StudyValues } from '../../charts/study-lines.ts';
import { compactQuantity, groupThousands } from '../../format/number-text.ts';
import type { StudyRows } from '../../state/market-store.ts';
import { studyId } from './chart-setup.ts';

/** The colours of the theme that are no side, in the order in which studies take them. */
const COLORS = [6, 2, 7, 5, 8, 3, 4, 1].map((number) => `link-${number}`);

/** What of a line its study and its place in it decide; `place` counts the colours taken so far. */
function paintOf(kind: StudyKind, look: StudyOutput['look'], place: number): Paint {
  if (kind === 'Vwap') return look === 'band' ? VWAP_BAND : VWAP;
  if (look === 'histogram') return { color: 'chart-profile-poc', pale: true };
  return { color: COLORS[place % COLORS.length] ?? 'link-6', pale: false };
}

type Paint = Pick<StudyLook, 'color' | 'pale'>;

/** The price of the day has a colour of its own, on every chart the same. */
const VWAP: Paint = { color: 'chart-vwap', pale: false };
const VWAP_BAND: Paint = { color: 'chart-vwap-band', pale: true };

/** A study in words: `EMA 20`, `MACD 12 26 9`; the band of the VWAP as it is known, `VWAP ±1σ`. */
export function studyWords({ kind, parameters }: StudySpec): string {
  if (kind === 'Vwap') return `VWAP \u00b1${parameters.join(' ')}\u03c3`;
  return [studyDefinition(kind).label, ...parameters].join(' ');
}

/** How the studies of a chart are drawn. */
export function studyShapes(
  studies: readonly StudySpec[],
  instrument: Instrument,
  barSeconds: number,
): readonly StudyShape[] {
  let next = 0;
  return studies.map((spec) => {
    const { outputs, place, levels, daily = false } = studyDefinition(spec.kind);
    let color = next;
    // The lines of a band are of one colour.
    if (spec.kind !== 'Vwap') next += outputs.filter(({ look }) => look !== 'band').length;
    return {
      id: studyId(spec),
      place,
      levels,
      daily,
      outputs: outputs.map((output, index) => {
        if (index > 0 && output.look !== 'band') color += 1;
        return {
          look: output.look,
          ...paintOf(spec.kind, output.look, color),
          shiftSeconds: (output.shift?.(spec.parameters) ?? 0) * barSeconds,
          text: (value: number) => valueText(value, output, place, instrument),
        };
      }),
    };
  });
}

/** Values of a study in the chart's numbers. */
export function studyValues(rows: StudyRows, spec: StudySpec, instrument: Instrument): StudyValues {
  const { outputs } = studyDefinition(spec.kind);
  return {
    whole: rows.whole,
    times: rows.times.map((time) => time / 1_000_000),
    columns: rows.columns.map((column, index) => {
      const unit = unitOf(outputs[index]?.unit ?? 'plain', instrument);
      return column.map((value) => (value === null ? null : value / unit));
    }),
  };
}

function unitOf(unit: StudyOutput['unit'], instrument: Instrument): number {
  if (unit === 'price') return 10 ** instrument.priceScale;
  return unit === 'quantity' ? 10 ** instrument.quantityScale : 1;
}

/** Decimals that differences of prices have more than prices. */
const FINER = 2;

function valueText(
  value: number,
  { unit }: StudyOutput,
  place: StudyShape['place'],
  instrument: Instrument,
): string {
  const decimals = instrument.priceScale + (place === 'pane' ? FINER : 0);
  if (unit === 'price') return groupThousands(value.toFixed(decimals));
  if (unit === 'plain') return groupThousands(value.toFixed(2));
  const sign = value < 0 ? '\u2212' : '';
  return `${sign}${compactQuantity(Math.abs(value), 0)}`;
}
