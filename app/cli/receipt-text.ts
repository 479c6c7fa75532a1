import type { Receipt } from '../engine/api/host-service.ts';
import { formatDecimal } from '../engine/domain/decimal.ts';
import { formatNanos } from '../engine/domain/time.ts';

type Line = Receipt['lines'][number];

function time(micros: number): string {
  return formatNanos(BigInt(micros) * 1000n);
}

function size(line: Line, units: number): string {
  return formatDecimal(units, line.quantityScale);
}

function worthOf(line: Line): string | undefined {
  if (line.worth === undefined) return undefined;
  return formatDecimal(line.worth, line.priceScale + line.quantityScale);
}

function lineDocument(line: Line): object {
  const { instrument, orders, fills, dust, proved, detail, canceled } = line;
  const worth = worthOf(line);
  return {
    instrument,
    orders: orders.map((order) => ({
      ...order,
      filled: size(line, order.filled),
      at: time(order.at),
    })),
    canceled,
    before: size(line, line.before),
    fills: fills.map(({ tradeId, clientOrderId, lastPx, lastQty, at }) => ({
      tradeId,
      clientOrderId,
      price: formatDecimal(lastPx, line.priceScale),
      quantity: size(line, lastQty),
      at: time(at),
    })),
    closed: size(line, line.closedQuantity),
    toClose: size(line, line.toClose),
    remaining: size(line, line.remaining),
    dust,
    ...(worth !== undefined && { worth: `${worth} ${line.quote}` }),
    ...(line.baseline !== undefined && {
      baseline: `${formatDecimal(line.baseline, line.baseScale)} ${line.base}`,
    }),
    proved,
    detail,
  };
}

/** A receipt as JSON tells it: amounts in decimal text, times in ISO 8601. */
export function receiptDocument(receipt: Receipt): object {
  const { lines, askedAt, startedAt, canceledAt, updatedAt, ...rest } = receipt;
  return {
    ...rest,
    askedAt: time(askedAt),
    startedAt: time(startedAt),
    ...(canceledAt !== undefined && { canceledAt: time(canceledAt) }),
    updatedAt: time(updatedAt),
    lines: lines.map(lineDocument),
  };
}

function headline(receipt: Receipt): string {
  const { kind, step, flat, unproved, lines } = receipt;
  if (kind === 'Drill') {
    const answered = step === 'Done' && unproved.length === 0 && lines.every((one) => one.proved);
    return answered ? 'DRILL: the venue answered, nothing was touched' : 'DRILL: NOT PROVED';
  }
  if (flat && step === 'Done') return `${kind.toUpperCase()}: proved flat at the venue`;
  return `${kind.toUpperCase()}: NOT PROVED flat`;
}

function orderWords(line: Line): string[] {
  return line.orders.map(
    ({ clientOrderId, side, origin, outcome, filled, detail, at }) =>
      `    order ${clientOrderId} ${side} ${origin}: ${outcome}, ${size(line, filled)} filled, ${detail} ${time(at)}`,
  );
}

function fillWords(line: Line): string[] {
  return line.fills.map(
    ({ tradeId, lastPx, lastQty, at }) =>
      `    fill ${tradeId}: ${size(line, lastQty)} at ${formatDecimal(lastPx, line.priceScale)} ${time(at)}`,
  );
}

function lineWords(receipt: Receipt, line: Line): string[] {
  const worth = worthOf(line);
  const dust = line.dust ? ` (dust${worth === undefined ? '' : `, ${worth} ${line.quote}`})` : '';
  const baseline =
    line.baseline === undefined
      ? ''
      : `, ${formatDecimal(line.baseline, line.baseScale)} ${line.base} never sold`;
  const did =
    receipt.kind === 'Drill'
      ? `would close ${size(line, line.toClose)}`
      : `closed ${size(line, line.closedQuantity)}`;
  const left = `remaining ${size(line, line.remaining)}${dust}${baseline}`;
  const proof = line.proved ? 'proved' : 'NOT PROVED';
  return [
    `  ${line.symbol} ${proof}: ${line.detail}`,
    `    held ${size(line, line.before)}, ${did}, ${left}`,
    ...orderWords(line),
    ...fillWords(line),
  ];
}

/** A receipt in lines for people. */
export function receiptLines(receipt: Receipt, takenAfterMicros: number | undefined): string[] {
  const { id, account, client, via, askedAt, updatedAt, unproved } = receipt;
  const taken = takenAfterMicros === undefined ? '' : `, taken after ${takenAfterMicros / 1000} ms`;
  const total = (updatedAt - askedAt) / 1000;
  return [
    headline(receipt),
    `  ${id} on ${account}, asked ${time(askedAt)} by ${client}${via === undefined ? '' : ` (${via})`}${taken}, ${total} ms in all`,
    ...unproved.map((words) => `  NOT PROVED: ${words}`),
    ...receipt.lines.flatMap((line) => lineWords(receipt, line)),
  ];
}
