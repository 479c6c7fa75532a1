import type { SandboxConfig } from '../engine/api/supervision.ts';
import { fail, listenToParent, report } from '../engine/processes/parent-port.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import { readDifferences } from '../sandbox/venue-differences.ts';
import { systemClock } from '../sandbox/system-clock.ts';

// The built-in exchange as a process that main supervises.

let close: (() => Promise<void>) | undefined;

async function run({ venues = [], ...config }: SandboxConfig): Promise<void> {
  const differences = readDifferences(venues);
  if (!differences.ok) {
    fail('VENUES_WRONG', `sandbox.venues: ${differences.error}`);
    return;
  }
  const sandbox = await createSandbox({
    clock: systemClock(),
    ...config,
    differences: differences.value,
  });
  if (!sandbox.ok) {
    const { code, port, reason } = sandbox.error;
    fail(code, `the sandbox cannot listen on ${port}: ${reason}`);
    return;
  }
  const { url, webSocketUrl, keys } = sandbox.value;
  close = sandbox.value.close;
  const key = keys.find(({ name }) => name === 'trading');
  report({
    type: 'SandboxReady',
    urls: { http: url, ws: webSocketUrl, wsApi: `${webSocketUrl}/ws-api/v3` },
    apiKey: key?.apiKey ?? '',
    secret: key?.secret ?? '',
  });
}

listenToParent({
  onCommand(command) {
    if (command.type === 'ConfigureSandbox') void run(command.config);
  },
  // Its clients reach it over the network.
  onChannel: (channel) => channel.close(),
  async onStop() {
    await close?.();
  },
});
