import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RECORDED_VENUES, verifierOf } from './recorded-venues.ts';

/** A name that is too long. */
const LONG = 'Z'.repeat(80);
/** A quantity with more decimals than any instrument has. */
const FINE = '1.999999999999999999990';
/** Messages of every form, one of each kind, to be damaged. */
const MESSAGES: readonly string[] = [
  '{"stream":"x","data":{"e":"trade","E":1,"T":1,"s":"X","t":1,"p":"1.0","q":"2","m":true}}',
  '{"e":"depthUpdate","E":1,"s":"X","U":1,"u":2,"b":[["1.0","2"]],"a":[]}',
  `{"e":"trade","E":1,"T":1,"s":"${LONG}","t":1,"p":"1.0","q":"2","m":true}`,
  `{"topic":"orderbook.50.${LONG}","type":"snapshot","ts":1,"data":{"s":"${LONG}","b":[],"a":[],"u":7}}`,
  `{"feed":"book_snapshot","product_id":"${LONG}","timestamp":1,"seq":5,"bids":[],"asks":[]}`,
  '[992,{"as":[["1.5","2.0","1618678133.3"]],"bs":[["1.4","2.0","1618678133.3"]]},"book-10","XBT/USD"]',
  '[992,{"a":[["1.5","0.0","1618678133.3"]]},{"b":[["1.4","1.0","1618678133.4"]],"c":"2583817756"},"book-10","XBT/USD"]',
  `[992,{"a":[["1.5","${FINE}","1618678133.3"]],"c":"2583817756"},"book-10","XBT/USD"]`,
  `{"e":"trade","E":1,"T":1,"s":"X","t":1,"p":"1.0","q":"${FINE}","m":true}`,
  `{"type":"snapshot","product_id":"A-B","asks":[["14.8","${FINE}"]],"bids":[["14.7","1"]]}`,
  `{"topic":"orderbook.50.X","type":"snapshot","ts":1,"data":{"s":"X","b":[["1","${FINE}"]],"a":[],"u":7}}`,
  `{"arg":{"channel":"books","instId":"X"},"action":"snapshot","data":[{"asks":[],"bids":[["1","${FINE}"]],"ts":"3","seqId":4,"prevSeqId":-1}]}`,
  `{"channel":"book","type":"snapshot","data":[{"symbol":"A/B","bids":[{"price":1.5,"qty":${FINE}}],"asks":[],"checksum":7}]}`,
  '[993,[["354.11","0.8","1618678142.557535","s","l",""]],"trade","XBT/USD"]',
  '[996,{"a":["355.24",27,"27.1"],"b":["354.32",6,"6.8"]},"ticker","XBT/USD"]',
  '{"channelName":"book-10","event":"subscriptionStatus","pair":"XBT/USD"}',
  '{"type":"snapshot","product_id":"A-B","asks":[["14.8","12.7"]],"bids":[["14.7","1"]]}',
  '{"type":"l2update","product_id":"A-B","changes":[["sell","14.8","0"]],"time":"2021-04-17T16:43:37.075687Z"}',
  '{"type":"match","trade_id":8,"side":"sell","size":"0.04","price":"14.7","product_id":"A-B","time":"2021-04-17T16:43:30.2Z"}',
  '{"topic":"orderBookL2_25.X","type":"snapshot","data":{"order_book":[{"price":"7.9","symbol":"X","id":"7","side":"Buy","size":1.5}]},"cross_seq":"1","timestamp_e6":"1618677786558146"}',
  '{"topic":"orderBookL2_25.X","type":"delta","data":{"delete":[{"price":"7.9","side":"Buy"}],"update":[],"insert":[{"price":"8.1","side":"Sell","size":4}]},"cross_seq":2,"timestamp_e6":1618677786558146}',
  '{"topic":"trade.X","data":[{"symbol":"X","price":"1053.9","size":0.14,"trade_time_ms":"1618677785116","side":"Buy","trade_id":"01cacfe9"}]}',
  '{"feed":"book_snapshot","product_id":"PI","timestamp":1,"seq":5,"bids":[{"price":4.5,"qty":2.0}],"asks":[]}',
  '{"feed":"book","product_id":"PI","side":"sell","seq":6,"price":5.5,"qty":1.0,"timestamp":2}',
  '{"feed":"trade_snapshot","product_id":"PI","trades":[{"side":"buy","seq":7,"time":3,"qty":1.0,"price":4.5}]}',
  '{"channel":"l2Book","data":{"coin":"BTC","levels":[[{"n":5,"px":"105055.0","sz":"3.0"}],[{"n":1,"px":"105056.0","sz":"1"}]],"time":9}}',
  '{"channel":"trades","data":[{"coin":"BTC","px":"105056.0","side":"B","sz":"0.002","tid":1,"time":9}]}',
  '{"topic":"orderbook.50.X","type":"snapshot","ts":1,"data":{"s":"X","b":[["1","1"]],"a":[],"u":7}}',
  '{"topic":"tickers.X","type":"delta","data":{"symbol":"X","markPrice":"17217.33","fundingRate":"-0.000212"},"ts":2}',
  '{"arg":{"channel":"books","instId":"X"},"action":"snapshot","data":[{"asks":[],"bids":[["1","2"]],"ts":"3","seqId":4,"prevSeqId":-1,"checksum":5}]}',
  '{"params":{"channel":"book.X.raw","data":{"type":"snapshot","timestamp":1,"instrument_name":"X","change_id":2,"bids":[["new",1.5,2.0]],"asks":[]}}}',
  '{"channel":"l2_data","sequence_num":0,"timestamp":"2021-04-17T16:43:37Z","events":[{"type":"snapshot","product_id":"A-B","updates":[{"side":"bid","price_level":"1","new_quantity":"2"}]}]}',
  '{"channel":"book","type":"snapshot","data":[{"symbol":"A/B","bids":[{"price":1.5,"qty":2.0}],"asks":[],"checksum":7}]}',
];

/** What a piece of a message becomes. */
const PIECES = [
  '',
  '"',
  '{}',
  '[]',
  'null',
  '-1',
  '1e400',
  '"\\u0000"',
  '99999999999999999999',
  'Z'.repeat(80),
];

const damaged = fc
  .record({
    message: fc.constantFrom(...MESSAGES),
    changes: fc.array(
      fc.record({
        at: fc.nat(400),
        length: fc.nat(12),
        piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ message, changes }) =>
    changes.reduce(
      (text, { at, length, piece }) => text.slice(0, at) + piece + text.slice(at + length),
      message,
    ),
  );

describe.each(RECORDED_VENUES)('%s', (venue) => {
  test('whatever a recording holds is counted, and ends nothing', () => {
    fc.assert(
      fc.property(fc.array(damaged, { maxLength: 12 }), (texts) => {
        const verifier = verifierOf(venue);
        for (const [index, text] of texts.entries()) {
          verifier.add({
            file: 'made',
            line: index + 1,
            kind: 'Received',
            receivedNanos: 0n,
            raw: Buffer.from(text),
          });
        }
        expect(verifier.finish().messages).toBe(texts.length);
      }),
      { numRuns: process.env['QD_LONG'] === '1' ? 4_000 : 150 },
    );
  });
});
