import { unreachable } from '../../base/invariant.ts';
import type {
  CommandEnvelope,
  CommandResult,
  Drill,
  Flatten,
  Kill,
  Unlock,
} from '../../domain/command.ts';
import type { AccountId } from '../../domain/identifiers.ts';
import type { KernelContext } from '../context.ts';
import { startAnew } from './carry.ts';
import { startDrill } from './drill.ts';
import type { FlattenAsk } from './flatten-record.ts';
import { endUnproved, startFlatten } from './flatten.ts';
import { actingFlattens } from './flatten-scope.ts';
import { cancel, cancelAll, replace, submit, type Answer } from './orders.ts';
import { queryByHand } from './query.ts';
import { requestReconcile } from './reconcile.ts';

/** Answers remembered, so that a command that comes twice is carried out once. */
const REMEMBERED_COMMANDS = 10_000;

const DONE: Answer = { orders: [] };

function unknownAccount(account: AccountId): Answer {
  const message = `account must be one of ours, was ${account}`;
  return { orders: [], refused: { code: 'ACCOUNT_UNKNOWN', message } };
}

function unlock(context: KernelContext, command: Unlock): Answer {
  const { account } = command;
  const record = context.state.accounts.get(account);
  if (record === undefined) return unknownAccount(account);
  const kill = actingFlattens(context.state).find(
    (one) => one.account === account && one.kind === 'Kill',
  );
  if (kill !== undefined) {
    const message = `${account} is being killed (${kill.id}), step ${kill.step}: wait for its receipt`;
    return { orders: [], refused: { code: 'KILL_IN_PROGRESS', message } };
  }
  if (context.state.journal !== undefined) {
    const message = 'the journal must be written: make room on the disk, then unlock';
    return { orders: [], refused: { code: 'JOURNAL_UNWRITABLE', message } };
  }
  const { state, differences } = record.reconciliation;
  if (!record.connected || state !== 'Agrees') {
    const why = record.connected ? differences.join('; ') : 'the venue is not connected';
    const message = `${account} must agree with the venue, is ${state}: ${why}`;
    return { orders: [], refused: { code: 'NOT_RECONCILED', message } };
  }
  const unknown = context.state.orders
    .attention()
    .filter(({ order }) => order.account === account && order.unknownSince !== undefined);
  if (unknown.length > 0) {
    const ids = unknown.map(({ order }) => order.clientOrderId).join(', ');
    const message = `every order of ${account} must be known, Unknown: ${ids}`;
    return { orders: [], refused: { code: 'ORDERS_UNKNOWN', message } };
  }
  endUnproved(context, account);
  context.saveAccount({ ...record, tradingState: 'Active' });
  return DONE;
}

function acceptBalances(context: KernelContext, account: AccountId): Answer {
  const record = context.state.accounts.get(account);
  if (record === undefined) return unknownAccount(account);
  if (record.reconciliation.state !== 'Differs') {
    const message = `${account} must differ from the venue, ${record.reconciliation.state}`;
    return { orders: [], refused: { code: 'NOTHING_TO_ACCEPT', message } };
  }
  const told = record.reconciliation.differences.join('; ');
  context.alert('Warning', 'BALANCES_ACCEPTED', `${account}: ${told}`);
  const { doubt: _doubt, otherAccount, ...rest } = record;
  if (otherAccount !== undefined) {
    requestReconcile(context, startAnew(context, rest, otherAccount));
    return DONE;
  }
  context.state.portfolio.ledger(account).accept(record.suspected);
  requestReconcile(context, { ...rest, suspected: [] });
  return DONE;
}

function lock(context: KernelContext, account: AccountId): Answer {
  const record = context.state.accounts.get(account);
  if (record === undefined) return unknownAccount(account);
  if (record.tradingState !== 'Halted') context.saveAccount({ ...record, tradingState: 'Locked' });
  return DONE;
}

type Ask = Pick<CommandEnvelope, 'commandId' | 'client'>;

function askOf(
  { commandId, client }: Ask,
  { via, askedAt }: Kill | Drill,
): Omit<FlattenAsk, 'account' | 'kind'> {
  return { commandId, client, ...(via && { via }), ...(askedAt !== undefined && { askedAt }) };
}

function kill(context: KernelContext, ask: Ask, command: Kill): Answer {
  for (const record of [...context.state.accounts.values()]) {
    context.saveAccount({ ...record, tradingState: 'Halted' });
  }
  context.disarmAll();
  for (const account of context.state.accounts.keys()) {
    startFlatten(context, { ...askOf(ask, command), account, kind: 'Kill' });
  }
  return DONE;
}

function drill(context: KernelContext, ask: Ask, command: Drill): Answer {
  for (const account of [...context.state.accounts.keys()]) {
    startDrill(context, { ...askOf(ask, command), account, kind: 'Drill' });
  }
  return DONE;
}

function flatten(context: KernelContext, ask: Ask, command: Flatten): Answer {
  const { account, instrument } = command;
  const { accounts, instruments } = context.state;
  if (!accounts.has(account)) return unknownAccount(account);
  if (instrument !== undefined && !instruments.has(instrument)) {
    const message = `instrument must be one of ours, was ${instrument}`;
    return { orders: [], refused: { code: 'INSTRUMENT_UNKNOWN', message } };
  }
  const { commandId, client } = ask;
  const where = instrument === undefined ? { account } : { account, instrument };
  startFlatten(context, { commandId, client, ...where, kind: 'Flatten' });
  return DONE;
}

function carryOut(context: KernelContext, envelope: CommandEnvelope): Answer {
  const { client, command } = envelope;
  switch (command.type) {
    case 'SubmitOrder':
      return submit(context, client, command);
    case 'CancelOrder':
      return cancel(context, command);
    case 'ReplaceOrder':
      return replace(context, client, command);
    case 'CancelAll':
      return cancelAll(context, command);
    case 'Flatten':
      return flatten(context, envelope, command);
    case 'Kill':
      return kill(context, envelope, command);
    case 'Drill':
      return drill(context, envelope, command);
    case 'Unlock':
      return unlock(context, command);
    case 'Lock':
      return lock(context, command.account);
    case 'AcceptBalances':
      return acceptBalances(context, command.account);
    case 'QueryOrder':
      return queryByHand(context, command);
    case 'Arm':
      context.setArmed(client, true);
      return DONE;
    case 'Disarm':
      context.setArmed(client, false);
      return DONE;
    default:
      return unreachable(command);
  }
}

/** Carries out a command once; a repeated command id gets the first answer again. */
export function onCommand(context: KernelContext, envelope: CommandEnvelope): void {
  const { answered } = context.state;
  const { commandId, client } = envelope;
  const before = answered.get(commandId);
  if (before !== undefined) {
    context.publish({ type: 'CommandAnswered', result: before.result, client });
    return;
  }
  const { orders, refused } = carryOut(context, envelope);
  const result: CommandResult = { commandId, ok: refused === undefined, orders, ...refused };
  answered.set(commandId, { client, result });
  const oldest = answered.keys().next();
  if (answered.size > REMEMBERED_COMMANDS && oldest.done !== true) answered.delete(oldest.value);
  context.publish({ type: 'CommandAnswered', result, client });
}
