import { metricsText } from '../../engine/server/metrics.ts';
import { ok, type Result } from '../../engine/base/result.ts';
import type { ControlListenerError } from '../host/control-listener.ts';
import { startDesk, type Desk, type DeskOptions } from '../host/desk.ts';
import type { EngineError } from '../host/engine.ts';
import { startForked } from '../host/forked-child.ts';
import { BrowserHost, type BrowserHostError } from './browser-host.ts';
import { metricsToken } from './metrics-token.ts';

/** What a desk in a browser, or an engine without a screen, is started with. */
export interface BrowserDeskOptions extends Omit<DeskOptions, 'host' | 'startChild'> {
  /** Absent: no browser host, no TCP port. */
  readonly browser?: { readonly port: number; readonly rendererFolder: string };
}

/** Starts the engine under plain Node, the command line's socket, and the browser host when asked for. */
export async function startBrowserDesk(
  options: BrowserDeskOptions,
): Promise<Result<Desk, EngineError | BrowserHostError | ControlListenerError>> {
  const { browser: wanted, ...others } = options;
  return startDesk<BrowserHostError>(
    { ...others, host: 'browser', startChild: startForked },
    async ({ onUpgrade, health, book, log }, held) => {
      if (wanted === undefined) return ok({});
      const token = metricsToken(options.dataFolder, log.masker);
      const browser = held.use(
        new BrowserHost({
          clock: options.clock,
          rendererFolder: wanted.rendererFolder,
          onUpgrade,
          metrics: { token, text: () => metricsText(health()) },
          onRefused: (status, path) =>
            book.noteBadInput('listener', `HTTP_REFUSED_${status}`, path),
        }),
      );
      const served = await browser.listen(wanted.port);
      return served.ok ? ok({ freshUrl: () => browser.freshUrl() }) : served;
    },
  );
}
