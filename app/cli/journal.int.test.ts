import { cpSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unixMicros } from '../engine/domain/time.ts';
import { FLAG_LAST, KIND_TRADE, MarketRecords } from '../engine/native/compute/market-record.ts';
import { openSession } from '../engine/processes/trade/open-session.ts';
import { SessionJournal, streamFolders } from '../engine/store/journal/session-journal.ts';
import { qd, TestFolder } from './testing/running-command.ts';

test('verify and replay say what a loss of power took and what the next start set aside', async () => {
  using folder = new TestFolder();
  const session = join(folder.path, 'journal', 's1');
  const written = join(folder.path, 'written');
  const opened = SessionJournal.open(written, 0);
  if (!opened.ok) throw new Error(opened.error.detail);
  const journal = opened.value;
  const records = new MarketRecords(1);
  for (const at of [1n, 2n]) {
    records.set(0, KIND_TRADE, FLAG_LAST, 0, at, at, 1, 1, 0, 0, 1);
    journal.appendMarket(records, 1);
    journal.appendInput({ type: 'TimerFired', at: unixMicros(1), timer: `after ${at}` }, at);
  }
  cpSync(written, session, { recursive: true });
  journal.close();
  rmSync(written, { recursive: true });
  const { market, orders } = streamFolders(session);
  truncateSync(join(market, 'journal-00000001.qdj'), 128 + 32 + records.bytes.byteLength);

  const found =
    /s1: the next start sets aside: 1 records behind 1 name up to 2 market records, 1 are on disk/;
  expect((await qd('--data', folder.path, 'journal', 'verify')).stdout).toMatch(found);
  expect((await qd('--data', folder.path, 'journal', 'replay')).stdout).toMatch(found);

  const next = openSession(session);
  if (!next.ok) throw new Error(next.error.message);
  expect(next.value.cut).toMatchObject({ afterSequence: 1, records: 1 });
  next.value.journal.close();
  const [file = ''] = readdirSync(orders).filter((name) => name.includes('.torn-'));
  for (const command of ['verify', 'replay']) {
    const { status, stdout } = await qd('--data', folder.path, 'journal', command);
    expect(stdout).toContain(`s1: set aside in ${file}: 1 records behind 1 name`);
    expect(stdout).toContain(`s1: cut bytes are kept in ${join(orders, file)}`);
    expect(status).toBe(0);
  }
});
