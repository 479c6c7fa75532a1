import type { Step } from './trial.ts';

/**
 * What goes wrong at a venue, each by its own name. "Sequence gap, reset, repeat" of the list these are taken from are three here.
 */
export const FAULT_KINDS = [
  'AckLost',
  'FillBeforeAck',
  'DuplicateFill',
  'CancelFillRace',
  'RejectAfterAck',
  'SequenceGap',
  'SequenceReset',
  'SequenceRepeat',
  'SnapshotOlder',
  'CrossedBook',
  'Banned',
  'ServerErrorThoughAccepted',
  'StreamDeath',
  'Halt',
  'RulesChanged',
  'PartialPage',
  'TimestampOutside',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const SIZE = 10_000;
const FIRST = 0;
/** Beyond every list: the newest. */
const NEWEST = 1_000;

const OPEN: Step = { kind: 'unlock', size: SIZE };
const BUY: Step = { kind: 'submit', form: 'Limit', sell: false, size: SIZE, px: 9_990 };
const SELL: Step = { kind: 'submit', form: 'Limit', sell: true, size: SIZE, px: 10_010 };
const ARRIVE: Step = { kind: 'process', fate: 'Arrives' };
const TAKE: Step = { kind: 'deliver', pick: FIRST, twice: false };
const TAKE_NEWEST: Step = { kind: 'deliver', pick: NEWEST, twice: false };
const FILL: Step = { kind: 'fill', pick: NEWEST, size: SIZE / 2 };
const FILL_ALL: Step = { kind: 'fill', pick: NEWEST, size: SIZE };
const PLACED: readonly Step[] = [{ kind: 'drain' }, OPEN, BUY, ARRIVE];

/** Steps in which a fault strikes when nothing else is in the way. */
export const MOTIFS: Readonly<Record<FaultKind, readonly Step[]>> = {
  AckLost: [{ kind: 'drain' }, OPEN, BUY, { kind: 'process', fate: 'AnswerLost' }, FILL, TAKE],
  FillBeforeAck: [...PLACED, FILL, TAKE_NEWEST],
  DuplicateFill: [...PLACED, TAKE, FILL, { kind: 'deliver', pick: FIRST, twice: true }, TAKE],
  CancelFillRace: [
    ...PLACED,
    TAKE,
    { kind: 'cancel', pick: NEWEST, size: SIZE },
    FILL_ALL,
    ARRIVE,
    TAKE_NEWEST,
  ],
  RejectAfterAck: [...PLACED, TAKE, { kind: 'rejectLate', pick: NEWEST }],
  SequenceGap: [...PLACED, TAKE, FILL, { kind: 'lose', pick: NEWEST }],
  SequenceReset: [...PLACED, FILL, { kind: 'reset' }],
  SequenceRepeat: [...PLACED, TAKE, FILL, TAKE, { kind: 'repeat', pick: 4 }],
  SnapshotOlder: [
    ...PLACED,
    TAKE,
    { kind: 'wait', micros: 31_000_000 },
    { kind: 'work' },
    { kind: 'hold' },
    FILL_ALL,
    TAKE,
    { kind: 'release' },
    TAKE,
  ],
  CrossedBook: [{ kind: 'drain' }, OPEN, { kind: 'crossed' }, BUY, SELL, ARRIVE],
  Banned: [
    ...PLACED,
    TAKE,
    FILL,
    TAKE,
    { kind: 'drain' },
    { kind: 'replace', pick: NEWEST, size: SIZE * 2 },
    { kind: 'process', fate: 'Banned' },
    TAKE,
  ],
  ServerErrorThoughAccepted: [
    { kind: 'drain' },
    OPEN,
    SELL,
    { kind: 'process', fate: 'ServerError' },
    FILL,
    TAKE,
  ],
  StreamDeath: [...PLACED, { kind: 'silence' }, FILL, { kind: 'wait', micros: 31_000_000 }],
  Halt: [{ kind: 'drain' }, OPEN, { kind: 'halt' }, BUY, ARRIVE, TAKE, { kind: 'tell' }, SELL],
  RulesChanged: [
    { kind: 'drain' },
    OPEN,
    { kind: 'rules' },
    { ...BUY, px: 9_991 },
    ARRIVE,
    TAKE,
    { kind: 'tell' },
    { ...BUY, px: 9_993 },
  ],
  PartialPage: [
    ...PLACED,
    TAKE,
    { kind: 'silence' },
    FILL,
    FILL,
    { kind: 'page', pick: 1 },
    { kind: 'wait', micros: 31_000_000 },
    { kind: 'work' },
  ],
  TimestampOutside: [
    ...PLACED,
    TAKE,
    FILL,
    TAKE,
    { kind: 'drain' },
    { kind: 'cancel', pick: NEWEST, size: SIZE },
    { kind: 'process', fate: 'ClockOff' },
    TAKE,
  ],
};
