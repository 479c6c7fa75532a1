import { decodeMessage, encodeMessage } from '../engine/api/codec.ts';
import {
  processCommandSchema,
  processReportSchema,
  type ProcessCommand,
  type ProcessReport,
  type SandboxConfig,
} from '../engine/api/supervision.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import { systemClock } from '../sandbox/system-clock.ts';

// The built-in exchange as a process that main supervises.

function commandOf(message: unknown): ProcessCommand {
  const decoded = decodeMessage(processCommandSchema, message);
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.value;
}

function report(message: ProcessReport): void {
  process.send?.(encodeMessage(processReportSchema, message));
}

async function run(config: SandboxConfig): Promise<void> {
  const sandbox = await createSandbox({ clock: systemClock(), ...config });
  if (!sandbox.ok) {
    const { code, port, reason } = sandbox.error;
    report({ type: 'Failed', code, message: `the sandbox cannot listen on ${port}: ${reason}` });
    process.disconnect();
    return;
  }
  const { url, webSocketUrl, keys, close } = sandbox.value;
  const key = keys.find(({ name }) => name === 'trading');
  const stop = (): void => {
    void close().then(() => process.exit(0));
  };
  process.on('disconnect', stop);
  process.on('message', (message) => {
    if (commandOf(message).type === 'Stop') stop();
  });
  report({
    type: 'SandboxReady',
    urls: { http: url, ws: webSocketUrl, wsApi: `${webSocketUrl}/ws-api/v3` },
    apiKey: key?.apiKey ?? '',
    secret: key?.secret ?? '',
  });
}

// Ctrl+C reaches the whole group; main decides when its processes stop.
process.on('SIGINT', () => undefined);
process.once('message', (message) => {
  const command = commandOf(message);
  if (command.type === 'ConfigureSandbox') void run(command.config);
});
