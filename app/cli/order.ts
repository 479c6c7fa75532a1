import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { decodeMessage, encodeMessage } from '../engine/api/codec.ts';
import {
  feedMessageSchema,
  feedRequestSchema,
  type QuoteMessage,
} from '../engine/api/feed-service.ts';
import {
  tradeMessageSchema,
  tradeRequestSchema,
  type TradeMessage,
} from '../engine/api/trade-service.ts';
import type { EngineFile } from '../engine/api/supervision.ts';
import type { CommandResult, WindowCommand } from '../engine/domain/command.ts';
import type { InstrumentId } from '../engine/domain/identifiers.ts';
import type { Order } from '../engine/domain/order.ts';
import { openControlSocket } from '../engine/net/control-socket.ts';
import { dataFolderPath } from '../engine/store/data-folder.ts';
import { parse } from '../engine/language/parse.ts';
import { killFromCommandLine, printKillHistory } from './kill.ts';
import { wholeNumber } from './launch.ts';
import { resolveOrderText } from './order-text.ts';
import { CommandFailure, FAILED, printJson, printLine, WRONG_INPUT } from './output.ts';
import { findEngine } from './running-engine.ts';

/** How long the engine has to answer. */
const ANSWER_TIMEOUT_MS = 10_000;
/** How long the feed has to give a quote; without one the line is refused for want of it. */
const QUOTE_TIMEOUT_MS = 3000;
/** States in which the venue has not answered yet. */
const UNANSWERED: readonly Order['status'][] = [
  'Initialized',
  'Submitted',
  'PendingReplace',
  'PendingCancel',
];

type Snapshot = Extract<TradeMessage, { type: 'Snapshot' }>;

interface Outcome {
  readonly result: CommandResult;
  readonly order: Order | undefined;
}

/** Sends the command and waits for the kernel's answer and, for an order, the venue's. */
async function execute(
  engine: EngineFile,
  text: string,
  quoteOf: (instrument: InstrumentId) => Promise<QuoteMessage | undefined>,
): Promise<Outcome> {
  const commandId = randomUUID();
  return new Promise((resolve, reject) => {
    const orders = new Map<string, Order>();
    let result: CommandResult | undefined;
    const timer = setTimeout(() => {
      reject(new CommandFailure(FAILED, `the engine gave no answer in ${ANSWER_TIMEOUT_MS} ms`));
      socket.close();
    }, ANSWER_TIMEOUT_MS);
    const settle = (): void => {
      const [id] = result?.orders ?? [];
      const successor = [...orders.values()].find(({ replaces }) => replaces === id);
      const order = id === undefined ? undefined : (successor ?? orders.get(id));
      if (result === undefined) return;
      if (result.ok && id !== undefined && (!order || UNANSWERED.includes(order.status))) return;
      clearTimeout(timer);
      socket.close();
      resolve({ result, order });
    };
    const begin = async (snapshot: Snapshot): Promise<void> => {
      const resolved = await resolveOrderText(text, snapshot, quoteOf);
      if (!resolved.ok) throw new CommandFailure(WRONG_INPUT, resolved.error);
      if (resolved.value.type === 'Kill')
        throw new CommandFailure(WRONG_INPUT, 'kill stands alone');
      const command: WindowCommand = resolved.value;
      socket.send(encodeMessage(tradeRequestSchema, { type: 'Execute', commandId, command }));
    };
    const socket = openControlSocket(engine, 'trade', {
      onMessage(message) {
        const decoded = decodeMessage(tradeMessageSchema, message);
        if (!decoded.ok) return;
        if (decoded.value.type === 'Refused') {
          reject(new CommandFailure(FAILED, decoded.value.message));
          socket.close();
        }
        if (decoded.value.type === 'Snapshot') {
          begin(decoded.value).catch((error: unknown) => {
            clearTimeout(timer);
            socket.close();
            reject(error);
          });
        }
        if (decoded.value.type !== 'Updates') return;
        for (const update of decoded.value.updates) {
          if (update.type === 'OrderChanged') orders.set(update.order.clientOrderId, update.order);
          if (update.type === 'CommandAnswered' && update.result.commandId === commandId) {
            result = update.result;
          }
        }
        settle();
      },
      onClose(reason) {
        clearTimeout(timer);
        reject(new CommandFailure(FAILED, `the engine ended the connection: ${reason}`));
      },
    });
  });
}

/** The newest quote of an instrument, asked of the running feed. */
async function askQuote(
  engine: EngineFile,
  instrument: InstrumentId,
): Promise<QuoteMessage | undefined> {
  return new Promise((resolve) => {
    const finish = (quote: QuoteMessage | undefined): void => {
      clearTimeout(timer);
      resolve(quote);
      socket.close();
    };
    const timer = setTimeout(() => {
      finish(undefined);
    }, QUOTE_TIMEOUT_MS);
    const socket = openControlSocket(engine, 'feed', {
      onMessage(message) {
        const decoded = decodeMessage(feedMessageSchema, message);
        if (!decoded.ok || decoded.value.type !== 'Frame') return;
        const quote = decoded.value.quotes.find((each) => each.instrument === instrument);
        if (quote !== undefined) finish(quote);
      },
      onClose() {
        finish(undefined);
      },
    });
    const request = { type: 'WatchQuotes' as const, instruments: [instrument] };
    socket.send(encodeMessage(feedRequestSchema, request));
  });
}

interface OrderOptions {
  readonly data?: string;
  readonly json?: boolean;
  readonly drill?: boolean;
  readonly history?: boolean;
  readonly wait: number;
}

/** `qd order`: the desk's order language against a running engine. */
export function orderCommand(): Command {
  return new Command('order')
    .description('send a line of the order language to the running engine')
    .argument('<words...>', 'e.g. "b 0.01 btcusdt 64000 post", cancel ID, flatten, arm')
    .option('--json', 'print one JSON document')
    .option('--drill', 'with kill: rehearse it, touching nothing')
    .option('--history', 'with kill: list past kills and drills instead')
    .option('--wait <seconds>', 'with kill: the longest wait for the proof', wholeNumber, 60)
    .action(async (words: string[], _: unknown, command: Command) => {
      const options = command.optsWithGlobals<OrderOptions>();
      const { json = false, drill = false, history = false, wait } = options;
      const folder = dataFolderPath(options.data);
      const text = words.join(' ');
      const parsed = parse(text);
      const kills = parsed.ok && parsed.value.statement.kind === 'Kill';
      if (!kills && (drill || history)) {
        const option = drill ? '--drill' : '--history';
        throw new CommandFailure(WRONG_INPUT, `${option}: goes with kill, was given with ${text}`);
      }
      if (history) {
        printKillHistory(folder, json);
        return;
      }
      const engine = findEngine(folder);
      if (kills) {
        await killFromCommandLine(engine, { drill, json, waitMs: wait * 1000 });
        return;
      }
      const { result, order } = await execute(engine, text, (id) => askQuote(engine, id));
      const code = result.code ?? order?.reason?.code;
      const message = result.message ?? order?.reason?.message;
      const ok = result.ok && order?.status !== 'Denied' && order?.status !== 'Rejected';
      if (json) {
        printJson({
          ok,
          ...(order && { orderId: order.clientOrderId, state: order.status }),
          ...(code && { code }),
          ...(message && { message }),
        });
      } else {
        const what = order === undefined ? 'done' : `${order.clientOrderId} ${order.status}`;
        printLine(ok ? what : `${code ?? 'REFUSED'}: ${message ?? what}`);
      }
      if (!ok) process.exitCode = FAILED;
    });
}
