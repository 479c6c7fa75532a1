import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../engine/base/clock.ts';
import { ok, type Result } from '../../engine/base/result.ts';
import type { Session } from '../../engine/server/access.ts';
import { webSocketChannel } from '../../engine/server/client-channel.ts';
import { handover, SocketDoor } from '../../engine/server/socket-door.ts';
import { Engine, type EngineError, type EngineOptions } from '../host/engine.ts';
import { WorkspaceStore } from '../host/workspace/workspace-store.ts';
import { BrowserHost, type BrowserHostError } from './browser-host.ts';
import { ControlListener, type ControlListenerError } from './control-listener.ts';
import type { EngineHealth } from '../../engine/api/health.ts';
import { metricsText } from '../../engine/server/metrics.ts';
import { LogBook } from '../host/log-book.ts';
import { DiskWatch } from '../host/disk-watch.ts';
import { SettingsBook } from '../host/settings-book.ts';
import { HealthBook } from './health-book.ts';
import { metricsToken } from './metrics-token.ts';
import { HostService } from './host-service.ts';

/** What a desk or a screenless engine is started with. */
export interface DeskOptions extends EngineOptions {
  readonly clock: Clock;
  /** Absent: no browser host, no TCP port. */
  readonly browser?: { readonly port: number; readonly rendererFolder: string };
}

/** A running engine with its listeners. */
export interface Desk extends AsyncDisposable {
  readonly engine: Engine;
  /** A fresh one-time address; absent without a browser host. */
  readonly freshUrl?: () => string;
}

/** Starts the engine, the command line's socket, and the browser host when asked for. */
export async function startDesk(
  options: DeskOptions,
): Promise<Result<Desk, EngineError | BrowserHostError | ControlListenerError>> {
  await using started = new AsyncDisposableStack();
  const { dataFolder, clock } = options;
  const log = started.use(
    new LogBook({
      dataFolder,
      clock,
      level: options.logLevel ?? 'info',
      onError: (line) => process.stderr.write(`${line}\n`),
    }),
  );
  const { marketRetentionDays } = options.settings.journal;
  const disk = new DiskWatch({ dataFolder, clock, marketRetentionDays });
  const book = started.use(new HealthBook({ disk, clock, log }));
  const engine = new Engine(options, {
    log,
    onVitals: (name, vitals) => book.report(name, vitals),
  });
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
  const hostService = started.use(
    new HostService({
      engine,
      market: options.market,
      workspaces,
      settings,
      log,
      health,
      noteBadInput: (code, sample) => book.noteBadInput('window', code, sample),
    }),
  );
  const door = new SocketDoor();
  const onUpgrade = (
    service: string,
    client: Session['client'],
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
  ): boolean => {
    if (service !== 'host') {
      return engine.handSocket(service, handover(request, head, client), socket);
    }
    door.acceptRequest(request, socket, head, (opened) => {
      hostService.addWindow(webSocketChannel(client, opened));
    });
    return true;
  };

  let browser: BrowserHost | undefined;
  if (options.browser !== undefined) {
    const { port, rendererFolder } = options.browser;
    browser = started.use(
      new BrowserHost({
        clock,
        rendererFolder,
        onUpgrade,
        metrics: { token: metricsToken(dataFolder, log.masker), text: () => metricsText(health()) },
        onRefused: (status, path) => book.noteBadInput('listener', `HTTP_REFUSED_${status}`, path),
      }),
    );
    const served = await browser.listen(port);
    if (!served.ok) return served;
  }
  const host = browser;
  const freshUrl = host === undefined ? undefined : () => host.freshUrl();
  const control = started.use(
    new ControlListener(options.dataFolder, {
      onUpgrade,
      ...(freshUrl === undefined ? {} : { freshUrl }),
    }),
  );
  started.defer(() => engine.stop());
  const outcome = await engine.start();
  if (!outcome.ok) return outcome;
  const listening = await control.listen();
  if (!listening.ok) return listening;
  const running = started.move();
  return ok({
    engine,
    ...(freshUrl === undefined ? {} : { freshUrl }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  });
}
