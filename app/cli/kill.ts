import { randomUUID } from 'node:crypto';
import { decodeMessage, encodeMessage } from '../engine/api/codec.ts';
import {
  hostMessageSchema,
  hostRequestSchema,
  type HostMessage,
  type KillStatus,
  type PastReceipt,
  type Receipt,
} from '../engine/api/host-service.ts';
import type { EngineFile } from '../engine/api/supervision.ts';
import { openControlSocket } from '../engine/net/control-socket.ts';
import { readReceipts } from '../main/host/receipt-history.ts';
import { CommandFailure, FAILED, printJson, printLine, printTable } from './output.ts';
import { receiptDocument, receiptLines } from './receipt-text.ts';
import { formatNanos } from '../engine/domain/time.ts';

const MICROS_A_MILLISECOND = 1000;

/** How `qd order kill` is asked for. */
export interface KillOptions {
  readonly drill: boolean;
  readonly json: boolean;
  /** Longest wait for the proof; the kill goes on without the command line. */
  readonly waitMs: number;
}

interface KillEnd {
  readonly status: KillStatus | undefined;
  readonly receipts: readonly Receipt[];
}

/** Asks main for the kill and follows it until every account is done, or the wait is over. */
async function follow(engine: EngineFile, { drill, waitMs }: KillOptions): Promise<KillEnd> {
  const commandId = randomUUID();
  const receipts = new Map<string, Receipt>();
  let status: KillStatus | undefined;
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer);
      resolve({ status, receipts: [...receipts.values()] });
      socket.close();
    };
    const timer = setTimeout(finish, waitMs);
    const onMessage = (message: HostMessage): void => {
      if (message.type === 'Kill' && message.status.request.commandId === commandId) {
        status = message.status;
        if (status.state === 'KillMode') tell(`${status.detail}: started anew in kill mode`);
        if (drill && status.state === 'Unproved') finish();
        const { lines } = status;
        if (status.state === 'Unproved' && lines.length > 0 && lines.every(({ ok }) => ok))
          finish();
      }
      if (message.type !== 'Receipt' || message.receipt.commandId !== commandId) return;
      const { receipt } = message;
      if (receipts.get(receipt.id)?.step !== receipt.step)
        tell(`${receipt.account} ${receipt.step}`);
      receipts.set(receipt.id, receipt);
      if ([...receipts.values()].every(({ step }) => step === 'Done')) finish();
    };
    const socket = openControlSocket(engine, 'host', {
      onMessage(text) {
        const decoded = decodeMessage(hostMessageSchema, text);
        if (decoded.ok) onMessage(decoded.value);
      },
      onClose(reason) {
        clearTimeout(timer);
        reject(new CommandFailure(FAILED, `the engine ended the connection: ${reason}`));
      },
    });
    const request = { type: 'Kill', commandId, via: 'CommandLine', drill } as const;
    socket.send(encodeMessage(hostRequestSchema, request));
  });
}

function tell(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${line}\n`);
}

function isProved({ receipts }: KillEnd, drill: boolean): boolean {
  const done = receipts.length > 0 && receipts.every(({ step }) => step === 'Done');
  if (!drill) return done && receipts.every(({ flat }) => flat);
  return (
    done &&
    receipts.every(({ unproved, lines }) => {
      return unproved.length === 0 && lines.every(({ proved }) => proved);
    })
  );
}

function whyNot({ status, receipts }: KillEnd): string {
  const doubts = receipts.flatMap((receipt) => [
    ...receipt.unproved,
    ...receipt.lines.flatMap(({ symbol, proved, detail }) =>
      proved ? [] : [`${symbol}: ${detail}`],
    ),
  ]);
  const lines = status?.lines.map(({ symbol, text }) => `${symbol}: ${text}`) ?? [];
  const all = [status?.detail ?? 'the engine did not answer', ...lines, ...doubts];
  return all.filter((words) => words !== '').join('; ');
}

/** `qd order kill`: main's kill switch, followed to its receipt. */
export async function killFromCommandLine(engine: EngineFile, options: KillOptions): Promise<void> {
  const end = await follow(engine, options);
  const ok = isProved(end, options.drill);
  const message = ok ? undefined : `NOT PROVED: ${whyNot(end)}`;
  const takenAfterMicros = end.status?.takenAfterMicros;
  if (options.json) {
    printJson({
      ok,
      ...(message !== undefined && { code: 'NOT_PROVED', message }),
      ...(takenAfterMicros !== undefined && {
        takenAfterMs: takenAfterMicros / MICROS_A_MILLISECOND,
      }),
      receipts: end.receipts.map(receiptDocument),
    });
  } else {
    for (const receipt of end.receipts) {
      for (const line of receiptLines(receipt, takenAfterMicros)) printLine(line);
    }
    if (message !== undefined) printLine(message);
  }
  if (!ok) process.exitCode = FAILED;
}

function row(past: PastReceipt): string[] {
  const { askedAt, kind, via, proved, orders, takenAfterMicros, totalMicros, detail } = past;
  const millis = (micros: number | undefined): string =>
    micros === undefined ? '' : String(Math.round(micros / MICROS_A_MILLISECOND));
  return [
    formatNanos(BigInt(askedAt) * 1000n),
    kind,
    via ?? '',
    proved ? 'proved' : 'NOT PROVED',
    String(orders),
    millis(takenAfterMicros),
    millis(totalMicros),
    detail,
  ];
}

/** `qd order kill --history`: every kill and drill of a data folder, oldest first; needs no engine. */
export function printKillHistory(dataFolder: string, json: boolean): void {
  const past = readReceipts(dataFolder);
  if (json) {
    printJson({
      receipts: past.map(({ receipt, askedAt, ...summary }) => ({
        ...summary,
        askedAt: formatNanos(BigInt(askedAt) * 1000n),
        ...(receipt && { receipt: receiptDocument(receipt) }),
      })),
    });
    return;
  }
  const header = [
    'asked',
    'kind',
    'by',
    'outcome',
    'orders',
    'taken ms',
    'in all ms',
    'not proved',
  ];
  printTable(header, past.map(row));
}
