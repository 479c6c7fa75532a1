import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { memoryFolder } from '../../../../build-tools/test/seeds.ts';
import { accountId, venueId, type AccountId } from '../../domain/identifiers.ts';
import { unixMicros } from '../../domain/time.ts';
import { ACCOUNT, sessionStarted, START } from '../../kernel/testing/desk.ts';
import { SessionJournal, streamFolders } from '../../store/journal/session-journal.ts';
import { carryOver } from './carry-over.ts';

const LIVE = accountId(venueId('BINANCE', 'live'), 'main');
let journals = '';

beforeEach(() => {
  journals = mkdtempSync(join(memoryFolder(), 'qd-carry-'));
});
afterEach(() => {
  rmSync(journals, { recursive: true });
});

/** A session that only began. */
function began(name: string, at: number, account: AccountId = ACCOUNT): string {
  const folder = join(journals, name);
  const journal = SessionJournal.open(folder, 0);
  if (!journal.ok) throw new Error(journal.error.detail);
  const start = sessionStarted({ session: name, accounts: [account] });
  journal.value.appendInput({ ...start, at: unixMicros(at) }, BigInt(at) * 1000n);
  journal.value.close();
  return folder;
}

const bring = () => carryOver(join(journals, 'z-now'), ACCOUNT);

test('a first session brings nothing', () => {
  expect(bring()).toEqual({});
});

test('what began last counts, of this account and environment only', () => {
  began('b', START);
  began('a', START + 1);
  began('c', START + 2, LIVE);
  mkdirSync(join(journals, 'd'));
  writeFileSync(join(journals, 'note.txt'), 'not a session');
  expect(bring().carried).toMatchObject({ account: ACCOUNT, session: 'a', proved: true });
  expect(carryOver(join(journals, 'z-now'), LIVE).carried).toMatchObject({ session: 'c' });
});

test('a last session whose journal is spoilt is named, and an older one does not stand in for it', () => {
  began('a', START);
  const { orders } = streamFolders(began('b', START + 1));
  for (const name of readdirSync(orders)) {
    const path = join(orders, name);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xff, 0, Math.min(bytes.length, 65_536)));
  }
  expect(bring().carried).toBeUndefined();
  expect(bring().uncarried).toMatchObject({ account: ACCOUNT, session: 'b' });
});
