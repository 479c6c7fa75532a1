import { existsSync } from 'node:fs';
import type { TradeConfig } from '../../api/supervision.ts';
import { err, type Result } from '../../base/result.ts';
import type { AssetCode } from '../../domain/identifiers.ts';
import { createKernel } from '../../kernel/kernel.ts';
import type { ExecutionClient } from '../../ports/execution-client.ts';
import { SimulatedVenue } from '../../sim/simulated-venue.ts';
import { SessionJournal, streamFolders } from '../../store/journal/session-journal.ts';
import { fail, listenToParent, report } from '../parent-port.ts';
import { SystemTime } from '../system-time.ts';
import { connectVenue } from '../venue.ts';
import { MarketSource } from './market-source.ts';
import { replaySession, type SessionReplay } from './session-replay.ts';
import { Trade } from './trade.ts';

/** What a simulated account starts with, whole units; every other base asset gets `OTHER_UNITS`. */
const SIMULATED_UNITS: Readonly<Record<string, bigint>> = { USDT: 1_000_000n, BTC: 10n };
const OTHER_UNITS = 100n;

const time = new SystemTime();
let trade: Trade | undefined;
let market: MarketSource | undefined;

/** A kernel that knows the session so far, and how many market records it holds. */
function recover(
  config: TradeConfig,
): Result<SessionReplay, { code: string; message: string }> | undefined {
  if (!existsSync(streamFolders(config.sessionFolder).orders)) return undefined;
  try {
    return replaySession(config.sessionFolder);
  } catch (error) {
    // What broke the kernel is in the journal: another start would end the same way.
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return err({ code: 'SESSION_BREAKS_KERNEL', message });
  }
}

function start(config: TradeConfig): void {
  const recovered = recover(config);
  if (recovered !== undefined && !recovered.ok) {
    fail(recovered.error.code, `the session cannot be recovered: ${recovered.error.message}`);
    return;
  }
  if (recovered?.value.firstDifference !== undefined) {
    const { sequence } = recovered.value.firstDifference;
    fail('STATE_HASH_DIFFERS', `the session does not replay to the hash recorded at ${sequence}`);
    return;
  }
  const marketCount = recovered?.value.read.marketCount ?? 0;
  const journal = SessionJournal.open(config.sessionFolder, marketCount);
  if (!journal.ok) {
    fail(journal.error.code, `the journal cannot be opened: ${journal.error.detail}`);
    return;
  }
  const simulated = config.execution.kind === 'simulated' ? simulate(config) : undefined;
  if (recovered !== undefined) simulated?.restore(recovered.value.kernel.view());
  const created = new Trade({
    config,
    time,
    kernel: recovered?.value.kernel ?? createKernel(),
    journal: journal.value,
    execution: simulated ?? connect(config),
    instruments: config.instruments,
    onFatal(error) {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  });
  trade = created;
  created.start(recovered !== undefined);
  const opened = openMarket(config.ringPath, created, simulated);
  if (!opened.ok) {
    const { code, detail } = opened.error;
    fail(code, `the ring ${config.ringPath} cannot be read: ${detail}`);
    return;
  }
  market = opened.value;
  report({ type: 'TradeReady' });
}

function connect(config: TradeConfig): ExecutionClient | undefined {
  const { execution, environment, account, instruments } = config;
  if (execution.kind !== 'venue') return undefined;
  const { urls, apiKey, secret } = execution;
  return connectVenue(environment, urls, time).execution({
    account,
    credentials: { apiKey, secret },
    instruments,
    onUnknownMessage: () => undefined,
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
  return MarketSource.open(path, {
    onRecords(records, count) {
      to.onMarket(records, count);
      simulated?.onRecords(records, count);
    },
    onMissed(lost) {
      to.onLapped(lost);
    },
    askSnapshots() {
      report({ type: 'SnapshotsWanted' });
    },
  });
}

listenToParent({
  onCommand(command) {
    if (command.type === 'ConfigureTrade') start(command.config);
  },
  onChannel(channel) {
    trade?.addWindow(channel);
  },
  async onStop() {
    market?.[Symbol.dispose]();
    await trade?.[Symbol.asyncDispose]();
  },
});
