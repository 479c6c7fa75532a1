import { present } from '../base/invariant.ts';
import { err, ok, type Result } from '../base/result.ts';

/** The studies (indicators) of a chart, in the order of the native core. */
export const STUDY_KINDS = [
  'Sma',
  'Ema',
  'Wma',
  'Vwap',
  'Bollinger',
  'Keltner',
  'Donchian',
  'Rsi',
  'Macd',
  'Stochastic',
  'Atr',
  'Adx',
  'Cci',
  'Obv',
  'Mfi',
  'WilliamsR',
  'Roc',
  'ParabolicSar',
  'Ichimoku',
  'SuperTrend',
] as const;
export type StudyKind = (typeof STUDY_KINDS)[number];

/** A study with its parameters, in the order of its definition. */
export interface StudySpec {
  readonly kind: StudyKind;
  readonly parameters: readonly number[];
}

/** A number that a study is computed with. `whole`: a count of bars. */
export interface StudyParameter {
  readonly label: string;
  readonly standard: number;
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
}

/** One line of a study. `unit` says what its numbers are: mantissas of a price or of a quantity, or plain numbers. */
export interface StudyOutput {
  readonly label: string;
  readonly unit: 'price' | 'quantity' | 'plain';
  readonly look: 'line' | 'band' | 'histogram' | 'dots';
  /** Drawn so many bars later (negative: earlier) than the bar it is computed at; by the parameters. */
  readonly shift?: (parameters: readonly number[]) => number;
}

/** What a study is: its definition with source stands with its rule in `native/core/study`. */
export interface StudyDefinition {
  readonly kind: StudyKind;
  readonly title: string;
  /** Short, as a legend names it. */
  readonly label: string;
  readonly parameters: readonly StudyParameter[];
  readonly outputs: readonly StudyOutput[];
  /** Over the prices, or in a pane of its own. */
  readonly place: 'price' | 'pane';
  /** Levels that are drawn across its pane. */
  readonly levels: readonly number[];
  /** It begins anew with each UTC day. */
  readonly daily?: true;
}

/** Most bars a window may have a study of. */
export const MOST_STUDY_BARS = 10_000;
/** Longest count of bars a study may look back. */
export const MOST_STUDY_LENGTH = 500;

function length(standard: number, label = 'Length', least = 1): StudyParameter {
  return { label, standard, least, most: MOST_STUDY_LENGTH, whole: true };
}

function factor(label: string, standard: number, least: number, most: number): StudyParameter {
  return { label, standard, least, most, whole: false };
}

function line(label: string, unit: StudyOutput['unit'] = 'price'): StudyOutput {
  return { label, unit, look: 'line' };
}

/** For what jumps: a line would go from one side of the price to the other. */
function dots(label: string): StudyOutput {
  return { label, unit: 'price', look: 'dots' };
}

function band(label: string): StudyOutput {
  return { label, unit: 'price', look: 'band' };
}

function over(
  kind: StudyKind,
  title: string,
  label: string,
  parameters: readonly StudyParameter[],
  outputs: readonly StudyOutput[],
): StudyDefinition {
  return { kind, title, label, parameters, outputs, place: 'price', levels: [] };
}

function below(
  kind: StudyKind,
  title: string,
  label: string,
  parameters: readonly StudyParameter[],
  outputs: readonly StudyOutput[],
  levels: readonly number[] = [],
): StudyDefinition {
  return { kind, title, label, parameters, outputs, place: 'pane', levels };
}

/** Bars between a bar and where its cloud is drawn: the displacement counts the bar itself. */
function ahead([, kijun = 1]: readonly number[]): number {
  return kijun - 1;
}

const DEFINITIONS: readonly StudyDefinition[] = [
  over('Sma', 'Simple moving average', 'SMA', [length(20)], [line('SMA')]),
  over('Ema', 'Exponential moving average', 'EMA', [length(20)], [line('EMA')]),
  over('Wma', 'Weighted moving average', 'WMA', [length(20)], [line('WMA')]),
  {
    ...over(
      'Vwap',
      'Volume-weighted price of the day',
      'VWAP',
      [factor('Deviations', 1, 0.1, 10)],
      [line('VWAP'), band('Upper'), band('Lower')],
    ),
    daily: true,
  },
  over(
    'Bollinger',
    'Bollinger bands',
    'BB',
    [length(20), factor('Deviations', 2, 0.1, 10)],
    [line('Middle'), band('Upper'), band('Lower')],
  ),
  over(
    'Keltner',
    'Keltner channels',
    'KC',
    [length(20), length(10, 'ATR length'), factor('Multiplier', 2, 0.1, 10)],
    [line('Middle'), band('Upper'), band('Lower')],
  ),
  over(
    'Donchian',
    'Donchian channel',
    'DC',
    [length(20)],
    [line('Middle'), band('Upper'), band('Lower')],
  ),
  below('Rsi', 'Relative strength index', 'RSI', [length(14)], [line('RSI', 'plain')], [30, 70]),
  below(
    'Macd',
    'Convergence of moving averages',
    'MACD',
    [length(12, 'Fast'), length(26, 'Slow'), length(9, 'Signal')],
    [line('MACD'), line('Signal'), { label: 'Histogram', unit: 'price', look: 'histogram' }],
    [0],
  ),
  below(
    'Stochastic',
    'Stochastic oscillator',
    'Stoch',
    [length(14), length(3, '%K smoothing'), length(3, '%D smoothing')],
    [line('%K', 'plain'), line('%D', 'plain')],
    [20, 80],
  ),
  below('Atr', 'Average true range', 'ATR', [length(14)], [line('ATR')]),
  below(
    'Adx',
    'Average directional index',
    'ADX',
    [length(14)],
    [line('ADX', 'plain'), line('+DI', 'plain'), line('\u2212DI', 'plain')],
    [25],
  ),
  below(
    'Cci',
    'Commodity channel index',
    'CCI',
    [length(20)],
    [line('CCI', 'plain')],
    [-100, 0, 100],
  ),
  below('Obv', 'On-balance volume', 'OBV', [], [line('OBV', 'quantity')]),
  below('Mfi', 'Money flow index', 'MFI', [length(14)], [line('MFI', 'plain')], [20, 80]),
  below('WilliamsR', 'Williams %R', '%R', [length(14)], [line('%R', 'plain')], [-80, -20]),
  below('Roc', 'Rate of change, percent', 'ROC', [length(12)], [line('ROC', 'plain')], [0]),
  over(
    'ParabolicSar',
    'Parabolic stop and reverse',
    'SAR',
    [factor('Step', 0.02, 0.001, 1), factor('Most', 0.2, 0.001, 1)],
    [dots('SAR')],
  ),
  over(
    'Ichimoku',
    'Ichimoku cloud',
    'Ichimoku',
    [length(9, 'Tenkan'), length(26, 'Kijun'), length(52, 'Senkou B')],
    [
      line('Tenkan'),
      line('Kijun'),
      { ...band('Senkou A'), shift: ahead },
      { ...band('Senkou B'), shift: ahead },
      { ...line('Chikou'), shift: (parameters) => -ahead(parameters) },
    ],
  ),
  over(
    'SuperTrend',
    'SuperTrend',
    'ST',
    [length(10, 'ATR length'), factor('Multiplier', 3, 0.1, 20)],
    [dots('Below'), dots('Above')],
  ),
];

const BY_KIND = new Map(DEFINITIONS.map((definition) => [definition.kind, definition]));

/** Every study, in the order of a menu. */
export function studyDefinitions(): readonly StudyDefinition[] {
  return DEFINITIONS;
}

/** What a kind of study is. */
export function studyDefinition(kind: StudyKind): StudyDefinition {
  return present(BY_KIND.get(kind), `study ${kind}`);
}

/** The study with its standard parameters. */
export function standardStudy(kind: StudyKind): StudySpec {
  return { kind, parameters: studyDefinition(kind).parameters.map(({ standard }) => standard) };
}

/** Why a study cannot be computed: the field, what it was, what it may be. */
export interface StudyError {
  readonly code: 'STUDY_PARAMETER_REFUSED';
  readonly message: string;
}

/** The study when each of its parameters is one it may have. */
export function checkedStudy(spec: StudySpec): Result<StudySpec, StudyError> {
  const { title, parameters } = studyDefinition(spec.kind);
  const refused = (message: string): Result<StudySpec, StudyError> =>
    err({ code: 'STUDY_PARAMETER_REFUSED', message: `${title}: ${message}` });
  if (spec.parameters.length !== parameters.length) {
    return refused(`takes ${parameters.length} parameters, was given ${spec.parameters.length}`);
  }
  for (const [index, { label, least, most, whole }] of parameters.entries()) {
    const value = spec.parameters[index];
    const fits = value !== undefined && value >= least && value <= most;
    if (!fits || (whole && !Number.isInteger(value))) {
      const sort = whole ? 'a whole number' : 'a number';
      return refused(`${label} must be ${sort} from ${least} to ${most}, was ${value}`);
    }
  }
  if (spec.kind === 'Macd' && (spec.parameters[0] ?? 0) >= (spec.parameters[1] ?? 0)) {
    return refused('Fast must be shorter than Slow');
  }
  return ok(spec);
}
