import { native, unit, type SeededBug } from './bug.ts';

const BOOK_SYNC = unit(
  'app/engine/venues/binance/book-sync.test.ts',
  'app/engine/venues/binance/book-sync.prop.test.ts',
);
const DATA_CLIENT = unit('app/engine/venues/binance/spot/data-client.test.ts');
const EXECUTION = unit(
  'app/engine/venues/binance/spot/execution-client.test.ts',
  'app/engine/venues/binance/spot/account-questions.test.ts',
);
const WEB_SOCKET = unit('app/engine/net/web-socket-client.test.ts');

/** Market data, the private stream and the connections they come over. */
export const VENUE_BUGS: readonly SeededBug[] = [
  {
    name: 'own-trade-told-once',
    what: 'of two fills of the account with one trade id the connector tells one',
    from: 'realistic',
    file: 'app/engine/venues/binance/spot/report-ledger.ts',
    right: '${report.tradeId} ${report.clientOrderId}`',
    wrong: '${report.tradeId}`',
    suites: [EXECUTION],
  },
  {
    name: 'gap-not-noticed',
    what: 'a book goes on although one diff is missing',
    from: 'nautilus_trader #4298',
    file: 'app/engine/venues/binance/book-sync.ts',
    right: 'return diff.first <= bookId + 1;',
    wrong: 'return diff.first <= bookId + 2;',
    suites: [BOOK_SYNC],
  },
  {
    name: 'diff-applied-twice',
    what: 'a diff that comes again with the same numbers is applied again',
    from: 'realistic',
    file: 'app/engine/venues/binance/book-sync.ts',
    right: "if (diff.last <= bookId) return 'Drop';",
    wrong: "if (diff.last < bookId) return 'Drop';",
    suites: [BOOK_SYNC],
  },
  {
    name: 'unreadable-message-doubts-nothing',
    what: 'a message that cannot be read leaves the book it may have changed as it is',
    from: 'e860b10',
    file: 'app/engine/venues/binance/spot/data-client.ts',
    right: '      this.#doubt(line, raw);\n',
    wrong: '',
    suites: [DATA_CLIENT],
  },
  {
    name: 'book-lags-its-quotes',
    what: 'a book whose diffs stopped stands while its quotes move on',
    from: 'e860b10',
    file: 'app/engine/venues/binance/spot/book-keeper.ts',
    right: 'if (this.live && stands !== undefined && stands < id) this.doubt();',
    wrong: 'if (this.live && stands === undefined) this.doubt();',
    suites: [DATA_CLIENT],
  },
  {
    name: 'subscriptions-lost-by-a-reconnect',
    what: 'a connection comes back without what was subscribed',
    from: 'vnpy #2355',
    file: 'app/engine/venues/binance/spot/ws/market-stream.ts',
    right:
      "    this.#newest = connection;\n    this.#request('SUBSCRIBE', [...this.#wanted], connection);",
    wrong:
      "    this.#newest = connection;\n    if (this.#opens === 1) this.#request('SUBSCRIBE', [...this.#wanted], connection);",
    suites: [DATA_CLIENT],
  },
  {
    name: 'half-open-socket-kept',
    what: 'a connection that answers no ping is never ended',
    from: 'e860b10',
    file: 'app/engine/net/web-socket-client.ts',
    right: '        this.end(`half open: no answer to a ping within ${pongWithinMs} ms`),',
    wrong: '        undefined,',
    suites: [WEB_SOCKET],
  },
  {
    name: 'rotation-loss-told-as-waiting',
    what: 'a connection lost while its replacement opens is told as waiting',
    from: 'b8738a9',
    file: 'app/engine/net/web-socket-client.ts',
    right: "    if (this.#opening()) return this.#enter('Connecting', reason);\n",
    wrong: '',
    suites: [WEB_SOCKET],
  },
  {
    name: 'slow-snapshot-holds-fills',
    what: 'fills wait as long as a snapshot takes',
    from: 'c8e26be',
    file: 'app/engine/venues/binance/spot/execution-client.ts',
    right: 'this.#deps.scheduler.setTimer(SETTINGS.holdMs, () => this.#stream.endHold());',
    wrong: 'this.#deps.scheduler.setTimer(SETTINGS.holdMs, () => undefined);',
    suites: [EXECUTION],
  },
  {
    name: 'comparisons-pile-up',
    what: 'of the comparisons asked of a slow venue an older one is taken in place of the newest',
    from: 'c8e26be',
    file: 'app/engine/venues/binance/spot/execution-client.ts',
    right: '    const older = this.#nextSnapshot;\n    this.#nextSnapshot = request;\n',
    wrong: '    const older = this.#nextSnapshot;\n    this.#nextSnapshot ??= request;\n',
    suites: [EXECUTION],
  },
  {
    name: 'snapshots-side-by-side',
    what: 'two snapshots are taken at the same time and the older may be told last',
    from: '8223741',
    file: 'app/engine/venues/binance/spot/execution-client.ts',
    right: '    if (!this.#takingSnapshot) {',
    wrong: '    if (this.#takingSnapshot || !this.#takingSnapshot) {',
    suites: [EXECUTION],
  },
  {
    name: 'batch-read-at-the-buffer-start',
    what: 'records that stand behind others in one buffer are read from its beginning',
    from: '9fc24b1',
    file: 'app/engine/native/compute/market-record.ts',
    right: 'return new MarketRecords(count, bytes.buffer as ArrayBuffer, bytes.byteOffset);',
    wrong: 'return new MarketRecords(count, bytes.buffer as ArrayBuffer, 0);',
    suites: [unit('app/engine/native/compute/market-record.test.ts')],
  },
  {
    name: 'deep-settings-end-the-process',
    what: 'a settings file of nothing but brackets exhausts the stack',
    from: '4eec697',
    file: 'app/engine/store/settings/settings-file.ts',
    right: 'return opening > MOST_BRACKETS',
    wrong: 'return opening < 0',
    suites: [unit('app/engine/store/settings')],
  },
  {
    name: 'key-with-a-nul',
    what: 'a key with a NUL behind its letter is taken for that key',
    from: '11e9a7f',
    file: 'native/core/decode/binance-fast.cpp',
    right: '      if (key < 256) return nullptr;\n',
    wrong: '',
    suites: [native('decode_refuses_a_key')],
  },
];
