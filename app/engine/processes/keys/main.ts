import { decodeMessage, encodeMessage } from '../../api/codec.ts';
import { keyCommandSchema, keyReportSchema, type KeyReport } from '../../api/keys.ts';
import { parentLink } from '../parent-link.ts';
import { KeyWorker } from './key-worker.ts';

// The only process in which the vault is open while a desk runs: started for one act, ended with it.

const worker = new KeyWorker();

function answer(report: KeyReport): void {
  const waits = report.answer.state === 'Review';
  parentLink.post(
    encodeMessage(keyReportSchema, report),
    waits ? undefined : () => process.exit(0),
  );
}

parentLink.onMessage((message) => {
  const decoded = decodeMessage(keyCommandSchema, message);
  if (!decoded.ok) throw new Error(decoded.error.message);
  const command = decoded.value;
  if (command.type === 'Work') void worker.work(command).then(answer);
  else answer(worker.confirm(command.account));
});
parentLink.onGone(() => process.exit(0));
// Ctrl+C reaches the whole group; main decides when its processes stop.
process.on('SIGINT', () => undefined);
