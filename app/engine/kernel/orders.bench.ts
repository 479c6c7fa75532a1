import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nowNanos } from '../../bench/clock.ts';
import { inputHash } from '../../bench/input-hash.ts';
import type { Samples, Workload } from '../../bench/workload.ts';
import { invariant, present } from '../base/invariant.ts';
import { Xoshiro128 } from '../base/rng.ts';
import type { Input } from '../domain/input.ts';
import { quantity } from '../domain/price.ts';
import { encodeInput } from '../store/journal/input-codec.ts';
import { SessionJournal, stateHash } from '../store/journal/session-journal.ts';
import { createKernel, type Kernel } from './kernel.ts';
import { ACCOUNT, Desk, terms } from './testing/desk.ts';
import { accepted, canceled, filled } from './testing/reports.ts';

const SEED = 20_261_121;
const ORDERS = 4000;
const CHUNK = 64;
const STEP = 10;
/** Above the venue's least notional. */
const SMALLEST = 5000;
const MICROS_BETWEEN = 1000;
const NANOS_A_MICRO = 1000n;

interface Script {
  readonly inputs: readonly Input[];
  /** Inputs that open the session, before what is measured. */
  readonly opening: number;
  /** Position that the fills add up to, without the kernel. */
  readonly position: number;
  readonly stateHash: string;
}

/** Orders that are filled in two parts, with one fill told twice, or canceled after a part; buys and sells in turn. */
function writeScript(): Script {
  const rng = new Xoshiro128(SEED);
  const desk = new Desk().open();
  const opening = desk.inputs.length;
  let position = 0;
  for (let at = 0; at < ORDERS; at += 1) {
    desk.now += MICROS_BETWEEN;
    desk.quote();
    const size = SMALLEST + STEP * rng.nextBelow(1000);
    const part = STEP * (1 + rng.nextBelow(size / STEP - 1));
    const side = at % 2 === 0 ? 'Buy' : 'Sell';
    const sign = side === 'Buy' ? 1 : -1;
    const asked = terms({ side, quantity: quantity(size) });
    const answer = desk.command({ type: 'SubmitOrder', terms: asked });
    invariant(answer.ok, `every order must pass, ${at} did not: ${answer.message ?? 'no reason'}`);
    const id = present(answer.orders[0], 'client order id');
    desk.venue(accepted(id));
    const first = filled(id, `${at}a`, part);
    desk.venue(first);
    desk.venue(first);
    if (rng.nextBelow(2) === 0) {
      desk.command({ type: 'CancelOrder', clientOrderId: id });
      desk.venue(canceled(id, part));
      position += sign * part;
    } else {
      desk.venue(filled(id, `${at}b`, size - part));
      position += sign * size;
    }
  }
  const { kernel, inputs } = desk;
  return { inputs, opening, position, stateHash: stateHash(kernel.encodeState()) };
}

type Apply = (input: Input) => void;

function timed(script: Script, apply: Apply): Samples {
  const { inputs, opening } = script;
  for (const input of inputs.slice(0, opening)) apply(input);
  const chunks = Math.floor((inputs.length - opening) / CHUNK);
  const samples = new Float64Array(chunks);
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const from = opening + chunk * CHUNK;
    const some = inputs.slice(from, from + CHUNK);
    const begun = nowNanos();
    for (const input of some) apply(input);
    samples[chunk] = (nowNanos() - begun) / CHUNK;
  }
  for (const input of inputs.slice(opening + chunks * CHUNK)) apply(input);
  return samples;
}

function agrees(kernel: Kernel | undefined, script: Script): boolean {
  if (kernel === undefined) return false;
  const position = kernel.view().positions.find(({ account }) => account === ACCOUNT);
  const sameState = stateHash(kernel.encodeState()) === script.stateHash;
  return position?.quantity === script.position && sameState;
}

/** What no order store can do without: the newest facts of each order in a map. */
function plainOrders(script: Script): Samples {
  const orders = new Map<string, { status: string; filled: number }>();
  return timed(script, (input) => {
    if (input.type !== 'Venue' || !('clientOrderId' in input.report)) return;
    const { report } = input;
    const id = String(report.clientOrderId);
    const before = orders.get(id) ?? { status: 'Submitted', filled: 0 };
    const more = report.type === 'OrderFilled' ? report.lastQty : 0;
    orders.set(id, { status: report.type, filled: before.filled + more });
  });
}

function hashOf({ inputs }: Script): string {
  return inputHash(...inputs.map((input) => encodeInput({ marketCount: 0, input })));
}

/** Every input of an order's life through the kernel: quotes, commands, answers, fills, fills told twice. */
export function orders(): Workload {
  const script = writeScript();
  let kernel: Kernel | undefined;
  return {
    unit: 'ns/input',
    inputHash: hashOf(script),
    baseline: 'plain map',
    run() {
      const fresh = createKernel();
      kernel = fresh;
      return timed(script, (input) => {
        fresh.apply(input);
      });
    },
    runBaseline: () => plainOrders(script),
    check: () => agrees(kernel, script),
  };
}

/** The same inputs, each in the journal before it is applied, and each intent before it would leave. */
export function ordersJournalled(): Workload {
  const script = writeScript();
  const folder = mkdtempSync(join(tmpdir(), 'qd-bench-orders-'));
  let kernel: Kernel | undefined;
  let sessions = 0;
  let records = 0;
  return {
    unit: 'ns/input',
    inputHash: hashOf(script),
    baseline: 'kernel alone',
    run() {
      const fresh = createKernel();
      kernel = fresh;
      sessions += 1;
      const session = join(folder, String(sessions));
      const journal = SessionJournal.open(session, 0);
      invariant(journal.ok, 'the journal of the benchmark must open');
      const samples = timed(script, (input) => {
        const at = BigInt(input.at) * NANOS_A_MICRO;
        journal.value.appendInput(input, at);
        for (const effect of fresh.apply(input)) {
          if (effect.type === 'Publish' || effect.type === 'SetTimer') continue;
          journal.value.appendIntent(effect, at);
        }
      });
      records = journal.value.records;
      journal.value.close();
      rmSync(session, { recursive: true });
      return samples;
    },
    runBaseline() {
      const alone = createKernel();
      return timed(script, (input) => {
        alone.apply(input);
      });
    },
    check: () => agrees(kernel, script) && records > script.inputs.length,
    close() {
      rmSync(folder, { recursive: true });
    },
  };
}
