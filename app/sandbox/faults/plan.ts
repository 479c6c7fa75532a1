import type { Node } from 'jsonc-parser';
import { err, ok, type Result } from '../../engine/base/result.ts';
import {
  parseDocument,
  problemAt,
  propertiesOf,
  valueOf,
  type Problems,
  type Source,
} from '../document.ts';

/** Where a fault strikes: market streams, the WebSocket API with the account's stream, or REST. */
export type FaultLine = 'streams' | 'api' | 'rest';

/** What a field of a fault holds. */
type FieldKind = 'line' | 'text' | 'count' | 'milliseconds' | 'offset' | 'share' | 'flag' | 'step';

/** A fault as it is set. What a kind does with its fields is in `KINDS`. */
export interface Fault {
  readonly id: string;
  readonly kind: FaultKind;
  readonly on?: FaultLine;
  readonly symbol?: string;
  /** Name of the message: `depthUpdate`, `trade`, `bookTicker`, `executionReport`, `answer`. */
  readonly message?: string;
  /** Method of the WebSocket API (`order.place`), or REST method and path (`GET /api/v3/depth`). */
  readonly request?: string;
  /** Execution type of an execution report. */
  readonly execution?: string;
  /** Fits passed over first. */
  readonly skip: number;
  /** Most strikes; 0: until cleared. */
  readonly times: number;
  /** Of each fit, by `seed`. */
  readonly probability: number;
  readonly seed: number;
  /** Counted from when it was set. */
  readonly afterMs: number;
  /** It ends so long after it began; absent: never by itself. */
  readonly forMs?: number;
  /** A delay, an offset or a Retry-After, by kind. */
  readonly ms: number;
  /** The request struck was carried out before its connection went. */
  readonly executed: boolean;
  /** Share of the order that fills. */
  readonly part: number;
  /** Rows left out. */
  readonly missing: number;
  readonly tickSize?: string;
  readonly stepSize?: string;
  /** Book updates are numbered anew. */
  readonly reset: boolean;
}

interface KindRule {
  /** Fields the kind takes besides the common ones. */
  readonly fields: readonly (keyof Fault)[];
  /** Lines it may strike on; one is the default. */
  readonly lines: readonly FaultLine[];
  readonly needs?: readonly (keyof Fault)[];
  readonly preset?: Partial<Fault>;
}

const BOTH: readonly FaultLine[] = ['streams', 'api'];
const ALL: readonly FaultLine[] = ['streams', 'api', 'rest'];
const ASKED: readonly FaultLine[] = ['api', 'rest'];
const WHICH = ['message', 'request', 'execution'] as const;
const DEPTH = { message: 'depthUpdate' } as const;

/** Every kind of fault with the fields it takes. */
export const KINDS = {
  drop: { fields: WHICH, lines: ALL },
  delay: { fields: [...WHICH, 'ms'], lines: ALL, needs: ['ms'] },
  duplicate: { fields: WHICH, lines: BOTH },
  reorder: { fields: WHICH, lines: BOTH },
  corrupt: { fields: WHICH, lines: ALL },
  'sequence-gap': { fields: [], lines: ['streams'], preset: DEPTH },
  'sequence-reset': { fields: [], lines: ['streams'] },
  'crossed-book': { fields: [], lines: ['streams'], preset: DEPTH },
  'stale-snapshot': { fields: [], lines: ['rest'], preset: { request: 'GET /api/v3/depth' } },
  'half-open': { fields: WHICH, lines: BOTH },
  'slow-reads': { fields: ['ms', 'request'], lines: BOTH, needs: ['ms'] },
  disconnect: { fields: [...WHICH, 'executed'], lines: BOTH },
  restart: { fields: ['reset'], lines: [], preset: { forMs: 1000 } },
  'rate-limit': { fields: ['request', 'ms'], lines: ASKED, preset: { ms: 2000 } },
  ban: { fields: ['request', 'ms'], lines: ASKED, preset: { ms: 3000 } },
  unavailable: { fields: ['request'], lines: ASKED },
  'clock-skew': { fields: ['ms'], lines: [], needs: ['ms'] },
  'lost-acknowledgement': { fields: [], lines: ['api'], preset: { request: 'order.place' } },
  'late-answer': { fields: ['request', 'ms'], lines: ASKED, needs: ['ms'] },
  'fill-before-ack': {
    fields: ['ms'],
    lines: ['api'],
    preset: { request: 'order.place', ms: 3000 },
  },
  'duplicate-fill': {
    fields: [],
    lines: ['api'],
    preset: { message: 'executionReport', execution: 'TRADE' },
  },
  'reject-after-ack': { fields: [], lines: ['api'], preset: { request: 'order.place' } },
  'session-end': { fields: [], lines: ['api'], preset: { message: 'executionReport' } },
  'fill-during-replace': {
    fields: ['part'],
    lines: ['api'],
    preset: { request: 'order.cancelReplace', part: 0.5 },
  },
  'cancel-race': { fields: ['part'], lines: ['api'], preset: { request: 'order.cancel', part: 1 } },
  'partial-page': {
    fields: ['missing'],
    lines: ['rest'],
    preset: { request: 'GET /api/v3/myTrades' },
  },
  halt: { fields: [], lines: [], needs: ['symbol'] },
  'tick-size': { fields: ['tickSize', 'stepSize'], lines: [], needs: ['symbol', 'tickSize'] },
} as const satisfies Record<string, KindRule>;

export type FaultKind = keyof typeof KINDS;

const FIELDS: Readonly<Record<Exclude<keyof Fault, 'id' | 'kind'>, FieldKind>> = {
  on: 'line',
  symbol: 'text',
  message: 'text',
  request: 'text',
  execution: 'text',
  skip: 'count',
  times: 'count',
  probability: 'share',
  seed: 'count',
  afterMs: 'milliseconds',
  forMs: 'milliseconds',
  ms: 'offset',
  executed: 'flag',
  part: 'share',
  missing: 'count',
  tickSize: 'step',
  stepSize: 'step',
  reset: 'flag',
};
const COMMON = ['symbol', 'skip', 'times', 'probability', 'seed', 'afterMs', 'forMs'] as const;

const DEFAULTS = {
  skip: 0,
  times: 1,
  probability: 1,
  seed: 1,
  afterMs: 0,
  ms: 0,
  executed: false,
  part: 1,
  missing: 1,
  reset: false,
} as const;

const EXPECTED: Readonly<Record<FieldKind, string>> = {
  line: 'one of streams, api, rest',
  text: 'text of 1 to 64 characters',
  count: 'a whole number from 0 to 1000000000',
  milliseconds: 'milliseconds from 0 to 86400000',
  offset: 'milliseconds from -86400000 to 86400000',
  share: 'a number above 0 and up to 1',
  flag: 'true or false',
  step: 'a decimal above 0 as text',
};

function fits(kind: FieldKind, value: unknown): boolean {
  switch (kind) {
    case 'line':
      return ALL.some((line) => line === value);
    case 'text':
      return typeof value === 'string' && value.length > 0 && value.length <= 64;
    case 'count':
      return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= 1_000_000_000;
    case 'milliseconds':
      return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= 86_400_000;
    case 'offset':
      return Number.isSafeInteger(value) && Math.abs(Number(value)) <= 86_400_000;
    case 'share':
      return typeof value === 'number' && value > 0 && value <= 1;
    case 'flag':
      return typeof value === 'boolean';
    case 'step':
      return typeof value === 'string' && /^\d{1,9}(\.\d{1,8})?$/.test(value) && Number(value) > 0;
  }
}

const SHAPE = '{"faults": [...]}';

function readFault(source: Source, node: Node, id: string, problems: string[]): Fault | undefined {
  if (node.type !== 'object') {
    problems.push(problemAt(source, node, 'fault', 'an object with a kind'));
    return undefined;
  }
  const before = problems.length;
  const properties = propertiesOf(node);
  const kindNode = properties.find(({ name }) => name === 'kind')?.value;
  const kind = Object.keys(KINDS).find((name) => name === kindNode?.value) as FaultKind | undefined;
  if (kind === undefined) {
    problems.push(
      problemAt(source, kindNode ?? node, 'kind', `one of ${Object.keys(KINDS).join(', ')}`),
    );
    return undefined;
  }
  const rule: KindRule = KINDS[kind];
  const taken: readonly string[] = [
    ...COMMON,
    ...rule.fields,
    ...(rule.lines.length > 1 ? ['on'] : []),
  ];
  const given = new Map<string, unknown>();
  for (const { name, key, value } of properties) {
    if (name === 'kind') continue;
    const field = FIELDS[name as keyof typeof FIELDS] as FieldKind | undefined;
    if (field === undefined || !taken.includes(name)) {
      problems.push(problemAt(source, key, name, `for ${kind} one of ${taken.join(', ')}`));
      continue;
    }
    const read = valueOf(value);
    const misplaced = name === 'on' && !rule.lines.some((line) => line === read);
    if (misplaced) problems.push(problemAt(source, value, name, `one of ${rule.lines.join(', ')}`));
    else if (!fits(field, read)) problems.push(problemAt(source, value, name, EXPECTED[field]));
    else given.set(name, read);
  }
  const needed = [...(rule.needs ?? []), ...(rule.lines.length > 1 ? (['on'] as const) : [])];
  for (const name of needed) {
    const said = properties.some((property) => property.name === name);
    if (!said) problems.push(problemAt(source, node, name, `a value, for ${kind} needs one`));
  }
  if (problems.length > before) return undefined;
  const [line] = rule.lines;
  return {
    id,
    kind,
    ...DEFAULTS,
    ...(line === undefined ? {} : { on: line }),
    ...rule.preset,
    ...Object.fromEntries(given),
  };
}

/** Reads a plan: JSON (comments allowed), `{"faults": [...]}`. `name` stands for the file; ids are counted on from `firstId`. */
export function readPlan(
  name: string,
  text: string,
  firstId = 1,
): Result<readonly Fault[], Problems> {
  const source = { name, text };
  const parsed = parseDocument(source, SHAPE);
  if (!parsed.ok) return parsed;
  const [list, ...more] = propertiesOf(parsed.value);
  if (list?.name !== 'faults' || more.length > 0 || list.value.type !== 'array') {
    return err([problemAt(source, parsed.value, '(file)', SHAPE)]);
  }
  const problems: string[] = [];
  const faults = (list.value.children ?? []).flatMap(
    (node, index) => readFault(source, node, `fault-${firstId + index}`, problems) ?? [],
  );
  return problems.length === 0 ? ok(faults) : err(problems);
}
