import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMessage } from '../../api/codec.ts';
import { feedMessageSchema, feedRequestSchema } from '../../api/feed-service.ts';
import { hostMessageSchema, hostRequestSchema } from '../../api/host-service.ts';
import {
  engineFileSchema,
  processCommandSchema,
  processReportSchema,
} from '../../api/supervision.ts';
import { tradeMessageSchema, tradeRequestSchema } from '../../api/trade-service.ts';
import { deskDocumentSchema, WORKSPACE_FORM, workspaceSchema } from '../../api/workspace.ts';
import { textOf, type Reader } from '../../../../build-tools/test/fuzz-reader.ts';
import { invariant } from '../../base/invariant.ts';
import { price } from '../../domain/price.ts';
import { unixMicros } from '../../domain/time.ts';
import { ACCOUNT, BTC, INSTRUMENT, terms, VENUE } from '../../kernel/testing/desk.ts';
import { complete } from '../../language/complete.ts';
import { parse } from '../../language/parse.ts';
import { resolve, type Surroundings } from '../../language/resolve.ts';
import { parseWireLine } from '../../market-data/wire-line.ts';
import {
  decodeInput,
  decodeIntent,
  encodeInput,
  encodeIntent,
} from '../../store/journal/input-codec.ts';
import { settingsSchema } from '../../store/settings/schema.ts';
import { parseSettings } from '../../store/settings/settings-file.ts';
import { discover, symbolOfSnapshot } from '../../venues/binance/recorded-message.ts';
import { parseAccount, parseAccountPosition } from '../../venues/binance/spot/parse/account.ts';
import { parseBars } from '../../venues/binance/bars.ts';
import { parseExecutionReport } from '../../venues/binance/spot/parse/execution-report.ts';
import { parseJson } from '../../net/json-body.ts';
import { parseExchangeInfo } from '../../venues/binance/spot/parse/instruments.ts';
import { parseAccountTrade, parseOrder } from '../../venues/binance/spot/parse/orders.ts';
import { parsePermissions } from '../../venues/binance/spot/parse/permissions.ts';
import type { StreamVenue } from '../../ports/stream-venue.ts';
import { ALPACA_LIVE, alpacaVenue } from '../../venues/alpaca/index.ts';
import { BYBIT_LIVE, bybitVenue } from '../../venues/bybit/index.ts';
import { COINBASE_LIVE, coinbaseVenue } from '../../venues/coinbase/index.ts';
import { DERIBIT_LIVE, deribitVenue } from '../../venues/deribit/index.ts';
import { KRAKEN_LIVE, krakenVenue } from '../../venues/kraken/index.ts';
import { OKX_LIVE, okxVenue } from '../../venues/okx/index.ts';
import { readDocument, readWorkspaceFile } from '../../../main/host/workspace/workspace-file.ts';

const NOW = unixMicros(1_700_000_000_000_000);
const DEFAULTS = settingsSchema.parse({});
const CONTEXT = { account: ACCOUNT, instrument: INSTRUMENT };
const AROUND: Surroundings = {
  account: ACCOUNT,
  instruments: [INSTRUMENT],
  quote: () => ({ instrument: BTC, bid: price(9_999), ask: price(10_001), tsEvent: NOW }),
  instrumentOfOrder: () => BTC,
};

function lines(name: string, examples: readonly string[], read: (text: string) => void): Reader {
  return { name, examples, read: (bytes) => read(textOf(bytes)) };
}

const FIXTURES = join(import.meta.dirname, '../../venues/binance/spot/testdata');
const fixtures = readdirSync(FIXTURES)
  .filter((name) => name.endsWith('.json'))
  .map((name) => readFileSync(join(FIXTURES, name), 'utf8'));

const SCHEMAS = {
  feedRequestSchema,
  feedMessageSchema,
  tradeRequestSchema,
  tradeMessageSchema,
  hostRequestSchema,
  hostMessageSchema,
  processCommandSchema,
  processReportSchema,
  engineFileSchema,
};
const messages = [
  { type: 'Execute', commandId: 'c1', command: { type: 'SubmitOrder', terms: terms() } },
  { type: 'Execute', commandId: 'c2', command: { type: 'CancelAll', account: ACCOUNT } },
  { type: 'Preview', request: 1, terms: terms() },
  { type: 'Subscribe', instrument: BTC, depth: 20 },
  { type: 'Refused', code: 'MESSAGE_MALFORMED', message: 'no' },
  { type: 'ChangeWorkspace', number: 1, change: { type: 'ClosePanel', panel: 'a' } },
  { type: 'Workspace', workspace: { revision: 1, document: [1, { a: null }] } },
  { type: 'TradeReady' },
].map((message) => JSON.stringify(message));

let ids = 0;
const newId = (): string => `id${(ids += 1)}`;
const stack = { kind: 'stack', share: 1, panels: ['a'], active: 0 };
const link = { group: 1, role: 'both', what: ['instrument', 'time'] };
const panel = { id: 'a', type: 'chart', link, state: null };
const window = { id: 'w', title: 'W', bounds: null, layout: null, panels: [] };
const workspace = {
  id: 'one',
  name: 'Own',
  starter: 'swing',
  locked: false,
  windows: [{ ...window, layout: { kind: 'row', share: 1, children: [stack] }, panels: [panel] }],
  saved: { at: 5, windows: [window] },
  groups: { 1: { instrument: 'BTCUSDT', interval: '1h' } },
};
const secondLink = { group: 1, role: 'both' };
const secondForm = {
  ...workspace,
  windows: [{ ...window, layout: stack, panels: [{ ...panel, link: secondLink }] }],
  groups: { 1: 'BTCUSDT' },
};
const firstForm = {
  type: 'row',
  content: [
    { type: 'stack', size: '60%', content: [{ type: 'component', componentType: 'watchlist' }] },
    { type: 'component', componentType: 'ladder', size: '40%' },
  ],
};

const OTHERS: readonly StreamVenue[] = [
  krakenVenue('live', KRAKEN_LIVE),
  okxVenue('live', OKX_LIVE),
  coinbaseVenue('live', COINBASE_LIVE),
  deribitVenue('live', DERIBIT_LIVE),
  bybitVenue('live', BYBIT_LIVE, 'linear'),
  alpacaVenue('live', ALPACA_LIVE, { apiKey: 'key', secret: 'secret' }),
];
const SPAN = { from: NOW, to: unixMicros(NOW + 86_400_000_000) };
/** Reads an answer with everything that reads one of a venue. */
function readAnswer({ rest }: StreamVenue, wire: unknown): void {
  const { trades, funding } = rest.history?.({ ...INSTRUMENT, derivative: 'Perpetual' }) ?? {};
  rest.refusal(200, wire);
  rest.time?.().read(wire);
  for (const question of rest.instruments()) question.read(wire);
  rest.bars(INSTRUMENT, '1m', { endTime: NOW, limit: 5, now: NOW }).read(wire);
  trades?.question(SPAN).read(wire);
  funding?.question(SPAN).read(wire);
}

/** Every reader in TypeScript of bytes that come from outside. */
export const READERS: readonly Reader[] = [
  {
    name: 'settings',
    examples: [
      JSON.stringify(DEFAULTS),
      '{ // here\n "risk": { "maxOpenOrders": "many", }, }',
      // Took a quarter of a second: each slash was taken for the beginning of an address.
      `{ "risk": { "maxPositionNotional": "${'/'.repeat(8_000)}" } }`,
      '{}',
    ],
    read(bytes) {
      const { settings } = parseSettings(textOf(bytes), DEFAULTS);
      invariant(settingsSchema.safeParse(settings).success, 'settings must be whole');
    },
  },
  lines(
    'order language',
    [
      'b 0.5 BTCUSDT 100.01 post ioc',
      's 25% BTCUSDT bid+2t stop=99.5',
      'replace q1-2 0.5 100.02',
      'cancel all BTCUSDT',
      'flatten',
      'kill',
    ],
    (text) => {
      const parsed = parse(text);
      if (parsed.ok) resolve(parsed.value, AROUND);
      complete(text, text.length, { symbols: ['BTCUSDT'], orders: [] });
    },
  ),
  ...Object.entries(SCHEMAS).map(([name, schema]) =>
    lines(name.replace('Schema', ''), messages, (text) => void decodeMessage(schema, text)),
  ),
  {
    name: 'wire lines',
    examples: [
      '1723161253937085768 {"e":"trade","s":"BTCUSDT","p":"1.0","q":"2"}',
      'https://venue.test/depth?symbol=A&limit=5 -> 1633998512.320639: {"lastUpdateId":1}',
      'wss://venue.test/stream?streams=a/b <-> 1633998511.159679',
      '1633998513\t[1,"x"]',
    ],
    read(bytes) {
      const line = parseWireLine(bytes);
      discover(line?.raw ?? bytes);
      symbolOfSnapshot(line?.raw ?? bytes, line?.url);
    },
  },
  {
    name: 'journal text',
    examples: [
      encodeInput({ marketCount: 3, input: { type: 'TimerFired', at: NOW, timer: 't' } }),
      encodeIntent({ type: 'SetTimer', timer: '5n\\', dueAt: NOW }),
    ].map(textOf),
    read(bytes) {
      decodeInput(bytes);
      decodeIntent(bytes);
    },
  },
  {
    name: 'desk documents',
    examples: [
      {
        revision: 3,
        document: {
          form: WORKSPACE_FORM,
          active: workspace.id,
          workspaces: [workspace],
          parts: { ticket: [1] },
        },
      },
      {
        revision: 3,
        document: { form: 2, active: workspace.id, workspaces: [secondForm], parts: {} },
      },
      {
        revision: 2,
        document: { form: 1, layout: { root: firstForm }, ticket: { templates: [] } },
      },
      { revision: 0, document: null },
    ].map((one) => JSON.stringify(one)),
    read(bytes) {
      const read = readDocument(textOf(bytes), newId);
      if (!read.ok || read.value.document === undefined) return;
      const { success } = deskDocumentSchema.safeParse(read.value.document);
      invariant(success, 'a document that was taken must be whole');
    },
  },
  {
    name: 'workspaces given away',
    examples: [JSON.stringify({ quarterdeck: 'workspace', form: WORKSPACE_FORM, workspace })],
    read(bytes) {
      const read = readWorkspaceFile(textOf(bytes));
      const whole = !read.ok || workspaceSchema.safeParse(read.value).success;
      invariant(whole, 'a workspace that was taken must be whole');
    },
  },
  {
    name: 'venue answers',
    examples: fixtures,
    read(bytes) {
      const parsed = parseJson(bytes);
      if (!parsed.ok) return;
      const wire = parsed.value;
      parseExchangeInfo(wire, VENUE);
      parseBars(wire, INSTRUMENT, NOW);
      parseAccount(wire);
      parseAccountPosition(wire, ACCOUNT);
      parseOrder(wire, CONTEXT);
      parseAccountTrade(wire, CONTEXT);
      parsePermissions(wire);
      parseExecutionReport(wire, CONTEXT);
    },
  },
  {
    name: 'answers of other venues',
    examples: [
      // Kraken
      '{"error":[],"result":{"XBTUSD":[["1.50","2.0",1688669597.8277369,"b","m","",61044952]],"last":"1688669597827736900"}}',
      '{"error":["EGeneral:Too many"],"result":{"XBTUSD":[[1688671200,"1","2","1","2","1","3",4]],"last":1}}',
      '{"error":[],"result":{"XBTUSD":{"altname":"XBTUSD","wsname":"XBT/USD","pair_decimals":1,"lot_decimals":8,"ordermin":"0.1","costmin":"0.5","tick_size":"0.1","status":"online"}}}',
      // OKX
      '{"code":"0","msg":"","data":[{"instId":"BTC-USDT","tradeId":"242720720","px":"1.50","sz":"2","side":"sell","ts":"1654161646974"}]}',
      '{"code":"0","msg":"","data":[{"fundingRate":"0.0001","realizedRate":"0.00012","fundingTime":"1700726400000","instId":"BTC-USDT-SWAP"}]}',
      '{"code":"50011","msg":"","data":[["1597026383085","1","2","1","2","3","4","5","1"],{"ts":"1597026383085"}]}',
      // Coinbase
      '{"candles":[{"start":"1700000000","low":"1","high":"2","open":"1","close":"2","volume":"3"}],"epochMillis":"1700000000123"}',
      // Deribit
      '{"jsonrpc":"2.0","result":{"trades":[{"trade_seq":5,"timestamp":1700000000123,"price":1.5,"amount":1e-7,"direction":"buy"}],"has_more":true}}',
      '{"jsonrpc":"2.0","result":[{"timestamp":1700000000000,"interest_1h":2.5e-8,"interest_8h":-0.00001}]}',
      '{"jsonrpc":"2.0","result":{"ticks":[1700000000000],"open":[1],"high":[2],"low":[1],"close":[2],"volume":[3],"cost":[4],"status":"ok"}}',
      // Bybit
      '{"retCode":0,"retMsg":"OK","result":{"list":[{"symbol":"BTCUSDT","fundingRate":"-0.0001","fundingRateTimestamp":"1700000000000"}]},"time":1700000000123}',
      '{"retCode":10006,"retMsg":"Too many","result":{"nextPageCursor":"a","list":[["1700000000000","1","2","1","2","3","4"]]},"time":1700000000123}',
      // Alpaca
      '{"bars":{"BTCUSDT":[{"t":"2023-11-14T22:13:00Z","o":1.5,"h":2,"l":1e-1,"c":2,"v":3,"n":4,"vw":1.7}]},"next_page_token":"a"}',
      '{"trades":{"BTCUSDT":[{"t":"2023-11-14T22:13:20.000000001Z","x":"V","p":1.5,"s":100,"c":["@"],"i":7,"z":"C"}]},"next_page_token":null,"timestamp":"2018-04-01T12:00:00.000-04:00"}',
      '[{"class":"us_equity","symbol":"BRK.B","status":"active","tradable":true}]',
    ],
    read(bytes) {
      const parsed = parseJson(bytes);
      if (!parsed.ok) return;
      for (const venue of OTHERS) readAnswer(venue, parsed.value);
    },
  },
];
