import type { TradeConfig } from '../../api/supervision.ts';
import type { AssetCode } from '../../domain/identifiers.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { ExecutionClient } from '../../ports/execution-client.ts';
import { SimulatedVenue } from '../../sim/simulated-venue.ts';
import { describeCut } from '../../store/journal/tail-cut.ts';
import { carryOver, type CarryOver } from './carry-over.ts';
import { fail, listenToParent, report } from '../parent-port.ts';
import { masker, noteBadInput } from '../process-log.ts';
import { SystemTime } from '../system-time.ts';
import { connectVenue } from '../venue.ts';
import { requestQueueOf, restRow, tellVitals } from '../vitals.ts';
import type { BinanceSpot } from '../../venues/binance/spot/index.ts';
import { toldLate } from './last-alerts.ts';
import { TRADE_LOG } from './trade-log.ts';
import { MarketSource, type MarketListener } from './market-source.ts';
import { openSession } from './open-session.ts';
import { Trade } from './trade.ts';
import { UnrecordedKill } from './unrecorded-kill.ts';

/** What a simulated account starts with, whole units; every other base asset gets `OTHER_UNITS`. */
const SIMULATED_UNITS: Readonly<Record<string, bigint>> = { USDT: 1_000_000n, BTC: 10n };
const OTHER_UNITS = 100n;

const time = new SystemTime();
let trade: Trade | undefined;
let market: MarketSource | undefined;

function start(config: TradeConfig): void {
  const session = openSession(config.sessionFolder);
  if (!session.ok) {
    giveUp(config, session.error.code, session.error.message);
    return;
  }
  const { kernel, journal, recovered, ignoredSnapshots, lastAlerts, cut } = session.value;
  for (const why of ignoredSnapshots) process.stderr.write(`snapshot not used: ${why}\n`);
  if (cut !== undefined) process.stderr.write(`${describeCut(cut)}\n`);
  const late = lastAlerts.map(toldLate);
  for (const alert of late) TRADE_LOG.onUpdate(alert);
  if (config.begun === true && !recovered) {
    // Going on from nothing would take what is held for the baseline, and say flat of it.
    const message = 'the session has begun, and its journal holds nothing of it';
    journal.close();
    giveUp(config, 'SESSION_LOST', message);
    return;
  }
  const brought = recovered ? {} : bring(config);
  const instruments = instrumentsOf(config, kernel, brought);
  const simulated = config.execution.kind === 'simulated' ? simulate(config) : undefined;
  if (recovered) simulated?.restore(kernel.view());
  const { execution } = config;
  const venue =
    execution.kind === 'venue'
      ? connectVenue(config.environment, execution.urls, time, config.network)
      : undefined;
  const created = new Trade({
    config,
    time,
    kernel,
    journal,
    execution: simulated ?? (venue && connect(config, venue, instruments)),
    instruments,
    watch: TRADE_LOG,
    onUnknownRule: () => report({ type: 'InstrumentsWanted' }),
    onReport: report,
    gather: setImmediate,
    lastAlerts: late,
    takeClockStep: () => time.takeStep(),
    skipMarket: () => market?.skip(),
    onFatal(error) {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  });
  trade = created;
  tellVitals(time, () => {
    const own = created.vitals();
    if (venue === undefined) return own;
    const rest = venue.rest();
    const connections = [...(own.connections ?? []), restRow(rest)];
    return { ...own, connections, queues: [requestQueueOf(rest)] };
  });
  created.start(recovered, brought);
  const opened = openMarket(config.ringPath, created, simulated);
  if (opened.ok) market = opened.value;
  else {
    const message = `the ring ${config.ringPath} cannot be read: ${opened.error.detail}`;
    // A kill needs no prices.
    if (config.kill === undefined) {
      fail(opened.error.code, message);
      return;
    }
    process.stderr.write(`${message}\n`);
  }
  report({ type: 'TradeReady' });
}

/** Without its journal the process cannot trade; in kill mode it cancels all the same before it ends. */
function giveUp(config: TradeConfig, code: string, message: string): void {
  const { kill } = config;
  const { execution: how, environment } = config;
  if (kill === undefined || how.kind !== 'venue') {
    fail(code, message);
    return;
  }
  const venue = connectVenue(environment, how.urls, time, config.network);
  const execution = connect(config, venue, config.instruments);
  if (execution === undefined) {
    fail(code, message);
    return;
  }
  const { commandId } = kill;
  const unrecorded = new UnrecordedKill({
    config,
    time,
    execution,
    onProgress(lines, done) {
      report({ type: 'KillUnrecorded', commandId, why: `${code}: ${message}`, lines, done });
      if (done) fail(code, message);
    },
  });
  unrecorded.start();
}

/** An exchange that begins anew with this engine knows nothing of what was held before. */
function bring({ execution, freshVenue, sessionFolder, account }: TradeConfig): CarryOver {
  const lasts = execution.kind === 'venue' && freshVenue !== true;
  return lasts ? carryOver(sessionFolder, account) : {};
}

/** The watched instruments in their order, then those that are only held: they can be asked about, canceled and closed. */
function instrumentsOf(config: TradeConfig, kernel: Kernel, brought: CarryOver): Instrument[] {
  const held = brought.carried ?? kernel.carry(config.account);
  const known = new Set(config.instruments.map(({ id }) => id));
  const others = (held?.instruments ?? []).filter(({ id }) => !known.has(id));
  return [...config.instruments, ...others];
}

function connect(
  config: TradeConfig,
  venue: BinanceSpot,
  instruments: readonly Instrument[],
): ExecutionClient | undefined {
  const { execution, account } = config;
  if (execution.kind !== 'venue') return undefined;
  const { apiKey, secret } = execution;
  masker.learn(apiKey);
  masker.learn(secret);
  return venue.execution({
    account,
    credentials: { apiKey, secret },
    instruments,
    onUnknownMessage: (raw) => noteBadInput('venue', 'PRIVATE_MESSAGE_UNREADABLE', raw),
  });
}

function simulate(config: TradeConfig): SimulatedVenue {
  const assets = new Set<AssetCode>(config.instruments.flatMap(({ base, quote }) => [base, quote]));
  return new SimulatedVenue({
    account: config.account,
    instruments: config.instruments,
    clock: time,
    balances: [...assets].map((asset) => ({
      asset,
      units: SIMULATED_UNITS[asset] ?? OTHER_UNITS,
    })),
  });
}

function openMarket(
  path: string,
  to: Trade,
  simulated: SimulatedVenue | undefined,
): ReturnType<typeof MarketSource.open> {
  const listener: MarketListener = {
    onRecords(records, count, emptyAtNanos) {
      to.onMarket(records, count, emptyAtNanos);
      simulated?.onRecords(records, count);
    },
    onMissed(lost, begun) {
      to.onLapped(lost, begun);
    },
    askSnapshots() {
      report({ type: 'SnapshotsWanted' });
    },
  };
  return MarketSource.open(path, listener, time);
}

listenToParent({
  onCommand(command) {
    if (command.type === 'ConfigureTrade') start(command.config);
    if (command.type === 'TellInstruments') trade?.onInstruments(command.instruments);
    if (command.type === 'TellLimits') trade?.onLimits(command.limits);
    if (command.type === 'Kill') trade?.kills.begin(command.request);
  },
  onChannel(channel) {
    trade?.addWindow(channel);
  },
  async onStop() {
    market?.[Symbol.dispose]();
    await trade?.[Symbol.asyncDispose]();
  },
});
