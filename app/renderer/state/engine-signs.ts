import type {
  ConnectionVitals,
  DataVitals,
  EngineHealth,
  ProcessState,
  Vitals,
} from '../client/host-client.ts';

/** How one thing does, or that nobody knows. */
export type Sign = 'ok' | 'warn' | 'bad' | 'unknown';

/** A judgement with the reason for anything but ok. */
export interface Judgement {
  readonly sign: Sign;
  readonly why?: string;
}

const SECOND = 1_000_000;
/** A process that says nothing for this long is in trouble. */
const SILENT_MICROS = 4 * SECOND;
/** A process this young after a restart is pointed out. */
const YOUNG_MS = 60_000;
const SLOW_LOOP_NANOS = 250_000_000;
const OFFSET_WARN_MICROS = 500_000;
const MARKET_SILENT_MICROS = 10 * SECOND;
const DURABLE_WARN_MICROS = 1 * SECOND;
const DURABLE_BAD_MICROS = 5 * SECOND;
const DISK_WARN_BYTES = 5 * 1024 ** 3;
const DISK_BAD_BYTES = 1024 ** 3;
const DAYS_BAD = 1;
const DAYS_WARN = 7;
const UNKNOWN_BAD_MICROS = 30 * SECOND;
const RECENT_MICROS = 60 * SECOND;

const OK: Judgement = { sign: 'ok' };
const RANK: Readonly<Record<Sign, number>> = { ok: 0, unknown: 1, warn: 2, bad: 3 };

const ok = (): Judgement => OK;
const warn = (why: string): Judgement => ({ sign: 'warn', why });
const bad = (why: string): Judgement => ({ sign: 'bad', why });

/** The worst of several; ok when there is none. */
export function worst(judgements: readonly Judgement[]): Judgement {
  return judgements.reduce((most, one) => (RANK[one.sign] > RANK[most.sign] ? one : most), ok());
}

/** True while what a process last said may be taken for now. */
export function isCurrent(
  state: ProcessState,
  vitals: Vitals | undefined,
  now: number,
): vitals is Vitals {
  return state.state === 'Running' && vitals !== undefined && now - vitals.at < SILENT_MICROS;
}

/** A process by its state and what it says of itself; `now` is the time of the report. */
export function judgeProcess(
  state: ProcessState,
  vitals: Vitals | undefined,
  now: number,
): Judgement {
  if (state.state === 'Starting') return warn(`${state.name} is starting`);
  if (state.state !== 'Running') return bad(`${state.name} is ${state.state.toLowerCase()}`);
  if (vitals === undefined) return ok();
  if (now - vitals.at >= SILENT_MICROS) return bad(`${state.name} says nothing`);
  const full = vitals.queues.find(({ depth, most }) => depth > 0.8 * most);
  if (full !== undefined) return warn(`${full.name} of ${state.name} is nearly full`);
  if (vitals.loopDelayP99Nanos > SLOW_LOOP_NANOS) return warn(`${state.name} is slow to respond`);
  if (state.restarts > 0 && vitals.uptimeMs < YOUNG_MS) return warn(`${state.name} was restarted`);
  return ok();
}

/** A connection of a process that is current. */
export function judgeConnection(connection: ConnectionVitals, now: number): Judgement {
  const { connection: name, state, clockOffsetMicros, lastMessageAt } = connection;
  if (state === 'Connecting') return warn(`${name} is connecting`);
  if (state === 'Disconnected') return bad(`${name} is disconnected`);
  const { weightUsed = 0, weightLimit = Infinity } = connection;
  if (weightUsed > 0.9 * weightLimit) return bad(`${name} has nearly used up its request weight`);
  if (weightUsed > 0.7 * weightLimit) return warn(`${name} uses much of its request weight`);
  if (clockOffsetMicros !== undefined && Math.abs(clockOffsetMicros) > OFFSET_WARN_MICROS) {
    return warn(`the clock of ${name} is off`);
  }
  const silent = lastMessageAt !== undefined && now - lastMessageAt > MARKET_SILENT_MICROS;
  return silent && name.startsWith('market') ? warn(`${name} is silent`) : ok();
}

/** The data of an instrument. */
export function judgeData({ instrument, state }: DataVitals): Judgement {
  if (state === 'Live') return ok();
  const symbol = instrument.split('.')[0];
  return state === 'Stale' ? bad(`${symbol} is stale`) : warn(`${symbol} is joined again`);
}

/** The journal: how long what was written has not been made durable. */
export function judgeJournal({ journal }: Vitals, now: number): Judgement {
  if (journal === undefined) return { sign: 'unknown' };
  if (journal.state === 'Failed') return bad('the journal cannot be written');
  if (journal.state === 'Starved') return warn('the journal runs out of room');
  if (journal.durableLag === 0 || journal.durableAt === undefined) return ok();
  const waiting = now - journal.durableAt;
  if (waiting > DURABLE_BAD_MICROS) return bad('the journal is not made durable');
  return waiting > DURABLE_WARN_MICROS ? warn('the journal is slow to be made durable') : ok();
}

/** The volume of the data folder. */
export function judgeDisk(disk: EngineHealth['disk']): Judgement {
  if (disk === undefined) return { sign: 'unknown' };
  if (disk.freeBytes < DISK_BAD_BYTES) return bad('the disk is nearly full');
  return disk.freeBytes < DISK_WARN_BYTES ? warn('the disk is filling up') : ok();
}

/** How long the room on the disk lasts. */
export function judgeDiskGrowth(disk: EngineHealth['disk']): Judgement {
  if (disk?.growth === undefined) return { sign: 'unknown' };
  const { daysUntilFull = Number.POSITIVE_INFINITY } = disk.growth;
  if (daysUntilFull < DAYS_BAD) return bad('the disk is full within a day');
  return daysUntilFull < DAYS_WARN ? warn('the disk is full within a week') : ok();
}

/** Orders whose state the venue has not told. */
export function judgeUnknown({ orders }: Vitals, now: number): Judgement {
  if (orders === undefined) return { sign: 'unknown' };
  const { unknown, oldestUnknownAt } = orders;
  if (unknown === 0) return ok();
  const words = unknown === 1 ? 'one order is Unknown' : `${unknown} orders are Unknown`;
  const old = oldestUnknownAt !== undefined && now - oldestUnknownAt > UNKNOWN_BAD_MICROS;
  return old ? bad(words) : warn(words);
}

/** Wrong input: a matter while it comes, history afterwards. */
export function judgeBadInput(lastAt: number, now: number): Judgement {
  return now - lastAt < RECENT_MICROS ? warn('wrong input comes in') : ok();
}

/** The whole engine as one sign; `heardAt` is when its health was last heard, `now` both in microseconds of one clock. */
export function judgeEngine(
  health: EngineHealth | undefined,
  heardAt: number,
  now: number,
): Judgement {
  if (health === undefined) return { sign: 'unknown', why: 'the engine has not reported yet' };
  if (now - heardAt > SILENT_MICROS) return bad('the engine says nothing');
  const { at } = health;
  const processes = health.processes.flatMap(({ process, vitals }) => {
    const own = judgeProcess(process, vitals, at);
    if (!isCurrent(process, vitals, at)) return [own];
    const rows = [
      ...vitals.connections.map((connection) => judgeConnection(connection, at)),
      ...vitals.data.map(judgeData),
      ...vitals.badInputs.map(({ lastAt }) => judgeBadInput(lastAt, at)),
    ];
    const trading =
      process.name === 'trade' ? [judgeJournal(vitals, at), judgeUnknown(vitals, at)] : [];
    return [own, ...rows, ...trading];
  });
  const own = health.main.badInputs.map(({ lastAt }) => judgeBadInput(lastAt, at));
  // A young engine has nothing to measure by: that is no doubt about its state.
  const growth = health.disk?.growth === undefined ? [] : [judgeDiskGrowth(health.disk)];
  return worst([...processes, ...own, judgeDisk(health.disk), ...growth]);
}
