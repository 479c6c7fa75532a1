import type { Instrument } from '../../../engine/domain/instrument.ts';
import type { LeftOut } from '../../../engine/domain/market.ts';
import { groupThousands } from '../../format/number-text.ts';
import { venueName } from '../../format/venue-word.ts';
import type { ConsolidatedMessage } from '../../state/market-store.ts';

/** Fills that can be told from each other, by colour and by hatching: see the style sheet. */
const FILLS = 8;

/** A venue of the consolidated book in words. */
export interface VenueWords {
  readonly instrument: Instrument;
  readonly name: string;
  /** The number of its fill; the same while the panel stands. */
  readonly fill: number;
  readonly joined: boolean;
  /** What its prices are changed by, or why it is left out; empty when there is nothing to say. */
  readonly note: string;
}

const REASONS: Readonly<Record<LeftOut, string>> = {
  Stale: 'nothing comes from it',
  Resyncing: 'its book is taken anew',
  Crossed: 'its best bid is not below its best ask',
  Empty: 'its book is empty',
  OtherUnit: 'its quantities count contracts',
  NoConversion: 'no price that converts its currency is watched',
  ConversionDoubted: 'the price that converts its currency cannot be trusted',
};

/** The venues of a book in its order; `fees`: whether prices are meant to be with fees. */
export function venueWords(
  venues: ConsolidatedMessage['venues'],
  instruments: readonly Instrument[],
  fees: boolean,
): readonly VenueWords[] {
  return venues.flatMap(({ instrument: id, leftOut, rate, feeMillionths }, at) => {
    const instrument = instruments.find((one) => one.id === id);
    if (instrument === undefined) return [];
    const parts =
      leftOut === undefined
        ? [
            ...(rate === undefined ? [] : [`${instrument.quote} at ${nameOf(rate)}`]),
            ...(fees ? [feeWords(feeMillionths)] : []),
          ]
        : [REASONS[leftOut]];
    return [
      {
        instrument,
        name: venueName(instrument.venue),
        fill: at % FILLS,
        joined: leftOut === undefined,
        note: parts.join(', '),
      },
    ];
  });
}

function feeWords(millionths: number | undefined): string {
  if (millionths === undefined) return 'fee not set';
  return `fee ${groupThousands((millionths / 100).toFixed(2).replace(/\.?0+$/, ''))} bp`;
}

function nameOf(id: string): string {
  return id.split('@')[0] ?? id;
}
