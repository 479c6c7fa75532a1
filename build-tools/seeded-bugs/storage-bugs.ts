import { integration, native, simulation, unit, type SeededBug } from './bug.ts';

const SESSION = simulation('app/engine/processes/trade/session.sim.test.ts');
const JOURNAL_FAULTS = simulation('app/engine/processes/trade/journal-faults.sim.test.ts');

/** The journal, the ring and the process that writes before it sends. */
export const STORAGE_BUGS: readonly SeededBug[] = [
  {
    name: 'checksum-not-checked',
    what: 'a record of the journal whose bytes changed is read as if it were whole',
    from: 'realistic',
    file: 'native/core/journal/scan.cpp',
    right: '  if (header.crc != record_crc(cursor(), header.length)) return false;\n',
    wrong: '',
    suites: [native('journal_names_every_flipped_bit', 'journal_survives_a_tear')],
  },
  {
    name: 'torn-tail-kept',
    what: 'what a crash left half written stays in the file that is written on',
    from: 'realistic',
    file: 'native/core/journal/recover.cpp',
    right: 'keep(scan, kept, empty ? WHOLE : scan.good_end())',
    wrong: 'keep(scan, kept, WHOLE)',
    suites: [native('journal_survives_a_tear', 'journal_keeps_what_was_durable')],
  },
  {
    name: 'failed-sync-tried-again',
    what: 'a sync that failed is tried again, and its success is believed',
    from: 'realistic',
    file: 'native/core/journal/journal.cpp',
    right: '      if (error == 0) error = file->sync_data(failing_with);\n',
    wrong:
      '      if (error == 0) error = file->sync_data(failing_with);\n      if (error != 0) error = file->sync_data();\n',
    suites: [native('journal_is_dead_after_a_failed_sync')],
  },
  {
    name: 'lap-not-told',
    what: 'a reader that was overtaken is not told what it lost',
    from: 'realistic',
    file: 'native/core/ring/reader.cpp',
    right: '    result.lost += resume - position;\n',
    wrong: '',
    suites: [native('ring_tells_a_lapped_reader')],
  },
  {
    name: 'sent-before-journalled',
    what: 'an order leaves before it is in the journal',
    from: 'realistic',
    file: 'app/engine/processes/trade/trade.ts',
    right: '    const sequence = journal.appendIntent(intent, time.nowNanos());\n',
    wrong:
      '    this.#parts.execution?.send(intent);\n    const sequence = journal.appendIntent(intent, time.nowNanos());\n',
    suites: [JOURNAL_FAULTS],
  },
  {
    name: 'sent-before-durable',
    what: 'an order that adds risk leaves while its record is not yet on the disk',
    from: 'realistic',
    file: 'app/engine/processes/trade/intent-gate.ts',
    right: 'if (mustWait || this.#follows(intent)) this.#held',
    wrong: 'if (this.#follows(intent)) this.#held',
    suites: [unit('app/engine/processes/trade/intent-gate.test.ts')],
  },
  {
    name: 'input-applied-and-not-journalled',
    what: 'an input that the disk refuses is applied and never written',
    from: '676edaa',
    file: 'app/engine/store/journal/resilient-stream.ts',
    right: '    this.#waiting.push(record);\n',
    wrong: '',
    suites: [JOURNAL_FAULTS],
  },
  {
    name: 'exits-leave-unjournalled',
    what: 'the exits of a bracket leave although the journal cannot be written',
    from: '458a25e',
    file: 'app/engine/processes/trade/trade.ts',
    right: 'if (ordersUnsent(intent).length > 0) this.#refuse(intent);',
    wrong: 'if (ordersUnsent(intent).length === 1) this.#refuse(intent);',
    suites: [JOURNAL_FAULTS],
  },
  {
    name: 'market-after-the-input',
    what: 'a replay applies market records after the input that came behind them',
    from: 'realistic',
    file: 'app/engine/store/journal/session-reader.ts',
    right:
      'if (tail.cut === undefined && market.advance(marketCount ?? 0, visitor.onMarket)) return true;',
    wrong:
      'if (tail.cut === undefined && market.advance((marketCount ?? 0) - 1, visitor.onMarket)) return true;',
    suites: [SESSION],
  },
  {
    name: 'session-begun-anew',
    what: 'a session whose journal is lost goes on from nothing and takes what is held for the baseline',
    from: 'f607d49',
    file: 'app/engine/processes/trade/main.ts',
    right: 'if (config.begun === true && !recovered) {',
    wrong: 'if (config.begun === true && recovered) {',
    suites: [integration('app/engine/processes/trade/carry-over.int.test.ts')],
  },
  {
    name: 'account-told-at-every-comparison',
    what: 'the log repeats an account every time it is compared',
    from: 'd96f0d0',
    file: 'app/engine/processes/trade/trade-log.ts',
    right: '      if (told.get(account) === news) return;\n',
    wrong: '',
    suites: [unit('app/engine/processes/trade/trade-log.test.ts')],
  },
  {
    name: 'first-message-lost-at-the-handover',
    what: 'what a window says first is lost when its socket changes the process',
    from: '4f64b4f',
    file: 'app/main/host/forked-child.ts',
    right: '      stopReading(connection.socket);\n',
    wrong: '',
    suites: [integration('app/main/host/engine.int.test.ts')],
  },
  {
    name: 'taken-over-unreadable',
    what: 'a desk of the first form with a row within a stack is written so that it cannot be read again',
    from: 'found by fuzzing the desk documents',
    file: 'app/main/host/workspace/takeover.ts',
    right: 'const ids = children.flatMap(panelsOf);',
    wrong: "const ids = children.flatMap((child) => (child.kind === 'stack' ? child.panels : []));",
    suites: [unit('app/main/host/workspace/takeover.test.ts')],
  },
  {
    name: 'deep-key-map-throws',
    what: 'a key map that is nested without end ends its import with an exception instead of words',
    from: 'found by hand while the readers of outside bytes were counted',
    file: 'app/renderer/commands/key-file.ts',
    right: `  try {
    return JSON.stringify(value).slice(0, 60);
  } catch {
    return 'nested too deep';
  }`,
    wrong: '  return JSON.stringify(value).slice(0, 60);',
    suites: [unit('app/renderer/commands/key-file.test.ts')],
  },
];
