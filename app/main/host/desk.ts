import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { EngineHealth } from '../../engine/api/health.ts';
import type { Clock } from '../../engine/base/clock.ts';
import { ok, type Result } from '../../engine/base/result.ts';
import { webSocketChannel, type ClientChannel } from '../../engine/server/client-channel.ts';
import { tickRetention } from '../../engine/store/settings/tick-retention.ts';
import { handover, SocketDoor } from '../../engine/server/socket-door.ts';
import { ControlListener, type ControlListenerError } from './control-listener.ts';
import { DiskWatch } from './disk-watch.ts';
import { DeskEngine, type DeskEngineOptions } from './desk-engine.ts';
import type { EngineError } from './engine.ts';
import { HealthBook } from './health-book.ts';
import { HostService } from './host-service.ts';
import { TYPED_PASSPHRASE, type KeptPassphrase } from './kept-passphrase.ts';
import { KeyDesk } from './key-desk.ts';
import { LogBook } from './log-book.ts';
import { SettingsBook } from './settings-book.ts';
import type { UpgradeHandler } from './upgrade-handler.ts';
import { WorkspaceStore } from './workspace/workspace-store.ts';

/** What a desk or a screenless engine is started with. */
export interface DeskOptions extends DeskEngineOptions {
  readonly clock: Clock;
  /** Which host its windows are told to be in. */
  readonly host: 'browser' | 'electron';
  /** Where it keeps the vault's passphrase; absent: nowhere. */
  readonly keptPassphrase?: (log: LogBook['log']) => KeptPassphrase;
}

/** What a host puts its windows before: the parts of a desk, made and not yet started. */
export interface DeskParts {
  readonly engine: DeskEngine;
  readonly hostService: HostService;
  readonly log: LogBook;
  readonly settings: SettingsBook;
  readonly book: HealthBook;
  readonly health: () => EngineHealth;
  /** Serves a socket as a window, or hands it to the process that does. */
  readonly onUpgrade: UpgradeHandler;
  /** Answers WebSocket upgrades in this process. */
  readonly door: SocketDoor;
}

/** What a host does with the parts before the engine starts; it lives as long as the desk. */
export interface DeskFront {
  /** A fresh address of the desk, for who asks on the command line. */
  readonly freshUrl?: () => string;
  /** Takes upgrades of the command line in place of `DeskParts.onUpgrade`. */
  readonly onUpgrade?: UpgradeHandler;
}

/** A running engine with its listeners. */
export interface Desk extends AsyncDisposable {
  readonly engine: DeskEngine;
  readonly freshUrl?: () => string;
}

/** Starts the engine, what the host shows of it, and the command line's socket. */
export async function startDesk<E>(
  options: DeskOptions,
  openFront: (parts: DeskParts, held: AsyncDisposableStack) => Promise<Result<DeskFront, E>>,
): Promise<Result<Desk, E | EngineError | ControlListenerError>> {
  await using started = new AsyncDisposableStack();
  const parts = makeParts(options, started);
  const { engine } = parts;
  const front = await openFront(parts, started);
  if (!front.ok) return front;
  const { freshUrl, onUpgrade = parts.onUpgrade } = front.value;
  const url = freshUrl === undefined ? {} : { freshUrl };
  const control = started.use(new ControlListener(options.dataFolder, { onUpgrade, ...url }));
  started.defer(() => engine.stop());
  const outcome = await engine.start();
  if (!outcome.ok) return outcome;
  const listening = await control.listen();
  if (!listening.ok) return listening;
  const running = started.move();
  return ok({ engine, ...url, [Symbol.asyncDispose]: () => running.disposeAsync() });
}

function makeParts(options: DeskOptions, started: AsyncDisposableStack): DeskParts {
  const { dataFolder, clock } = options;
  const log = started.use(
    new LogBook({
      dataFolder,
      clock,
      level: options.logLevel ?? 'info',
      onError: (line) => process.stderr.write(`${line}\n`),
    }),
  );
  const disk = new DiskWatch({
    dataFolder,
    clock,
    marketRetentionDays: options.settings.journal.marketRetentionDays,
    tickBudgetBytes: tickRetention(options.settings.ticks).budgetBytes,
  });
  const book = started.use(new HealthBook({ disk, clock, log }));
  const engine = new DeskEngine(options, {
    log,
    onVitals: (name, vitals) => book.report(name, vitals),
  });
  engine.onChange(() => book.forget());
  const settings = started.use(new SettingsBook(dataFolder, options.settings));
  settings.onChange((now, before) => {
    if (!isDeepStrictEqual(now.risk, before.risk)) engine.setLimits(now.risk);
  });
  const health = (): EngineHealth => book.health(engine.states);
  const workspaces = started.use(
    new WorkspaceStore({
      dataFolder,
      now: () => clock.nowMicros(),
      newId: () => randomBytes(9).toString('base64url'),
    }),
  );
  const keys = started.use(
    new KeyDesk<ClientChannel>({
      dataFolder,
      engine,
      log,
      startChild: options.startChild,
      kept: options.keptPassphrase?.(log.log) ?? TYPED_PASSPHRASE,
    }),
  );
  const hostService = started.use(
    new HostService({
      engine,
      host: options.host,
      workspaces,
      settings,
      keys,
      log,
      health,
      noteBadInput: (code, sample) => book.noteBadInput('window', code, sample),
    }),
  );
  const door = new SocketDoor();
  const onUpgrade: UpgradeHandler = (service, client, request, socket, head) => {
    if (service !== 'host') {
      const command = handover(request, head, client);
      return engine.give(service, command, { kind: 'socket', socket });
    }
    door.acceptRequest(request, socket, head, (opened) => {
      hostService.addWindow(webSocketChannel(client, opened));
    });
    return true;
  };
  return { engine, hostService, log, settings, book, health, onUpgrade, door };
}
