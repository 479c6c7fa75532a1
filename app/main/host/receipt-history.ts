import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMessage, encodeMessage } from '../../engine/api/codec.ts';
import {
  pastReceiptSchema,
  type KillStatus,
  type PastReceipt,
  type Receipt,
} from '../../engine/api/host-service.ts';
import { wallMicros } from './kill-switch.ts';

/** Where the receipts of a data folder are. */
export function receiptFile(dataFolder: string): string {
  return join(dataFolder, 'receipts.jsonl');
}

/** Every receipt kept in a data folder, oldest first; a line that cannot be read is left out. */
export function readReceipts(dataFolder: string): PastReceipt[] {
  let text: string;
  try {
    text = readFileSync(receiptFile(dataFolder), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const decoded = decodeMessage(pastReceiptSchema, line);
    return decoded.ok ? [decoded.value] : [];
  });
}

/** Receipts of kills and drills over all sessions of a data folder. The journal has each session's own; this list is made of them, and of kills that no journal could take. */
export class ReceiptHistory {
  readonly #folder: string;
  readonly #session: string;
  readonly #entries: PastReceipt[];
  readonly #ids: Set<string>;

  constructor(dataFolder: string, session: string) {
    this.#folder = dataFolder;
    this.#session = session;
    this.#entries = readReceipts(dataFolder);
    this.#ids = new Set(this.#entries.map(idOf));
  }

  /** The last `limit`, oldest first, without their receipts. */
  recent(limit: number): PastReceipt[] {
    return this.#entries.slice(-limit).map(({ receipt: _receipt, ...summary }) => summary);
  }

  /** Adds a finished receipt; false when it is not finished or is there already. */
  addReceipt(receipt: Receipt, status: KillStatus | undefined): boolean {
    if (receipt.step !== 'Done' || receipt.kind === 'Flatten') return false;
    const { id, commandId, kind, account, client, via, askedAt, updatedAt, unproved } = receipt;
    const doubts = receipt.lines.filter(({ proved }) => !proved).map(({ detail }) => detail);
    const drilled = unproved.length === 0 && doubts.length === 0;
    const proved = kind === 'Drill' ? drilled : receipt.flat;
    const taken = status?.takenAfterMicros;
    return this.#add({
      session: this.#session,
      id,
      commandId,
      kind,
      account,
      client,
      ...(via && { via }),
      askedAt,
      ...(taken !== undefined && { takenAfterMicros: taken }),
      totalMicros: updatedAt - askedAt,
      proved,
      orders: receipt.lines.reduce((sum, { orders }) => sum + orders.length, 0),
      detail: [...unproved, ...doubts].join('; '),
      receipt,
    });
  }

  /** Adds a kill that no journal recorded. */
  addUnrecorded({ request, detail, lines }: KillStatus): boolean {
    const { commandId, client, via, askedAt } = request;
    const words = lines.map(({ symbol, text }) => `${symbol}: ${text}`).join('; ');
    return this.#add({
      session: this.#session,
      id: commandId,
      commandId,
      kind: 'Kill',
      client,
      via,
      askedAt,
      totalMicros: wallMicros() - askedAt,
      proved: false,
      orders: 0,
      detail: `${detail}; ${words}`,
    });
  }

  #add(entry: PastReceipt): boolean {
    if (this.#ids.has(idOf(entry))) return false;
    this.#ids.add(idOf(entry));
    this.#entries.push(entry);
    try {
      const line = `${encodeMessage(pastReceiptSchema, entry)}\n`;
      appendFileSync(receiptFile(this.#folder), line, { mode: 0o600 });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      process.stderr.write(`receipts.jsonl: ${why}\n`);
    }
    return true;
  }
}

function idOf({ session, id }: PastReceipt): string {
  return `${session} ${id}`;
}
