import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CarriedAccount, UncarriedAccount } from '../../domain/carried.ts';
import type { AccountId } from '../../domain/identifiers.ts';
import { stateHash } from '../../store/journal/session-journal.ts';
import { readSessionStart } from '../../store/journal/session-start.ts';
import { replayKept } from './replay-kept.ts';

/** What an account brings into a session that begins: nothing, its last session's end, or why that is not known. */
export interface CarryOver {
  readonly carried?: CarriedAccount;
  readonly uncarried?: UncarriedAccount;
}

interface LastSession {
  readonly name: string;
  readonly at: number;
  readonly failure?: { readonly code: string; readonly message: string };
}

/** The account's newest session beside `sessionFolder`. One that cannot be read may have been the account's: it counts when its name is the newest. */
function lastSession(sessionFolder: string, account: AccountId): LastSession | undefined {
  const journals = dirname(sessionFolder);
  let last: LastSession | undefined;
  const names = readdirSync(journals, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== basename(sessionFolder))
    .map(({ name }) => name)
    .sort();
  for (const name of names) {
    const read = readSessionStart(join(journals, name));
    if (!read.ok) {
      last = { name, at: last?.at ?? 0, failure: read.error };
      continue;
    }
    const begun = read.value;
    if (begun?.start.accounts.includes(account) !== true) continue;
    if (begun.at >= (last?.at ?? 0)) last = { name, at: begun.at };
  }
  return last;
}

function replayed(folder: string, name: string, account: AccountId): CarryOver {
  const failed = (code: string, message: string): CarryOver => ({
    uncarried: { account, session: name, code, message },
  });
  try {
    const kept = replayKept(folder);
    if (!kept.ok) return failed(kept.error.code, kept.error.message);
    const { kernel, firstDifference, otherFormat } = kept.value.replay;
    const carry = kernel.carry(account);
    if (carry === undefined) return {};
    const hash = stateHash(kernel.encodeState());
    const proved = firstDifference === undefined && otherFormat === undefined;
    return { carried: { ...carry, session: name, stateHash: hash, proved } };
  } catch (error) {
    return failed('SESSION_BREAKS_KERNEL', error instanceof Error ? error.message : String(error));
  }
}

/** Runs the account's last session again, to go on from where it ended. */
export function carryOver(sessionFolder: string, account: AccountId): CarryOver {
  const last = lastSession(sessionFolder, account);
  if (last === undefined) return {};
  const { name, failure } = last;
  if (failure !== undefined) return { uncarried: { account, session: name, ...failure } };
  return replayed(join(dirname(sessionFolder), name), name, account);
}
