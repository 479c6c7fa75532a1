import { simulation, unit, type SeededBug } from './bug.ts';

const WORLDS = simulation('app/simulation/simulation.sim.test.ts');

/** What the simulation of the whole engine found first. */
export const SIMULATED_BUGS: readonly SeededBug[] = [
  {
    name: 'waited-quote-is-fresh',
    what: 'a quote that waited while the process was stopped counts as made when it is read',
    from: '5432508',
    file: 'app/engine/kernel/kernel.ts',
    right: 'return unixMicros(Math.min(state.now, at + state.skewMicros));',
    wrong: 'return unixMicros(Math.max(state.now, at));',
    suites: [unit('app/engine/kernel/orders.test.ts'), WORLDS],
  },
  {
    name: 'history-by-our-clock',
    what: 'trade history is asked for from a time of our clock, which may be a day ahead of the venue',
    from: '5432508',
    file: 'app/engine/kernel/handlers/snapshot.ts',
    right: 'const askedAtVenue = report.venueTime - (context.now - askedAt);',
    wrong: 'const askedAtVenue = askedAt;',
    suites: [unit('app/engine/kernel/reconcile.test.ts'), WORLDS],
  },
  {
    name: 'quotes-from-before-a-sleep',
    what: 'with our clock ahead of the wall, what was made before a sleep is as fresh after it',
    from: '79278cc',
    file: 'app/engine/processes/trade/feed-clock.ts',
    right: 'ours - this.#ageNanos',
    wrong: 'ours',
    suites: [unit('app/engine/processes/trade/feed-clock.test.ts'), WORLDS],
  },
  {
    name: 'new-feed-behind-for-ever',
    what: 'a feed that began after the clock was set back stays stale until trading begins anew',
    from: '5432508',
    file: 'app/engine/processes/trade/feed-clock.ts',
    right: '    this.#feedAheadMicros = 0;\n',
    wrong: '',
    suites: [unit('app/engine/processes/trade/feed-clock.test.ts'), WORLDS],
  },
  {
    name: 'connects-while-banned',
    what: 'connections are opened while the venue wants to be left alone',
    from: 'dbba84e',
    file: 'app/engine/net/web-socket-client.ts',
    right: 'return this.#options.holdMs?.() ?? 0;',
    wrong: 'return 0;',
    suites: [unit('app/engine/net/web-socket-client.test.ts'), WORLDS],
  },
  {
    name: 'baseline-before-a-fill',
    what: 'the baseline is taken from balances that were read before a fill which is counted',
    from: '7f18904',
    file: 'app/engine/kernel/handlers/snapshot.ts',
    right: '  if (portfolio.ledger(account).knows(balances)) return [];\n',
    wrong: '  if (!portfolio.ledger(account).knows(balances)) return [];\n',
    suites: [unit('app/engine/kernel/reconcile.test.ts')],
  },
];
