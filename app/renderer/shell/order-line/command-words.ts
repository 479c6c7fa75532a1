import type { Command } from '../../../engine/domain/command.ts';
import type { Instrument } from '../../../engine/domain/instrument.ts';
import { conditionWords, termsWords, typeWords } from '../../format/order-words.ts';

/** A command in words: what will be sent. */
export function commandWords(command: Command, instruments: readonly Instrument[]): string {
  const symbolOf = (id: string | undefined): string =>
    instruments.find((instrument) => instrument.id === id)?.symbol ?? 'every instrument';
  switch (command.type) {
    case 'SubmitOrder': {
      const { terms } = command;
      const instrument = instruments.find((known) => known.id === terms.instrument);
      if (instrument === undefined) return '';
      const type = typeWords(terms.type).toLowerCase();
      return `${termsWords(terms, instrument)} ${instrument.symbol}, ${type}, ${conditionWords(terms, instrument)}`;
    }
    case 'CancelOrder':
      return `Cancel order ${command.clientOrderId}`;
    case 'QueryOrder':
      return `Ask the venue about order ${command.clientOrderId}`;
    case 'CancelAll':
      return `Cancel ${cancelWord(command.side)} of ${symbolOf(command.instrument)}`;
    case 'Flatten':
      return `Flatten ${symbolOf(command.instrument)}: cancel, close, prove flat`;
    case 'Kill':
      return 'Open the kill switch';
    case 'ReplaceOrder':
      return `Replace order ${command.clientOrderId}`;
    case 'Unlock':
    case 'Lock':
      return `${command.type} ${command.account}`;
    case 'Arm':
    case 'Disarm':
      return `${command.type} this window`;
    case 'AcceptBalances':
      return `Take the balances of ${command.account} as they are`;
  }
}

function cancelWord(side: 'Buy' | 'Sell' | undefined): string {
  if (side === undefined) return 'all orders';
  return side === 'Buy' ? 'all buy orders' : 'all sell orders';
}
