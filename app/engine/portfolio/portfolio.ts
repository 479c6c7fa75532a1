import { present } from '../base/invariant.ts';
import type { Balance, LedgerLine, Position } from '../domain/account.ts';
import type { AccountId, AssetCode, InstrumentId } from '../domain/identifiers.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Fill } from '../domain/order.ts';
import type { VenueBalance } from '../domain/venue-report.ts';
import { Ledger } from './ledger.ts';
import { applyFill, emptyPosition, keepDay } from './position.ts';

/** Positions, balances and expected balances in plain data, sorted. */
export interface PortfolioRecord {
  readonly positions: readonly Position[];
  readonly balances: readonly Balance[];
  readonly ledgers: readonly {
    readonly account: AccountId;
    readonly lines: readonly LedgerLine[];
  }[];
}

function sorted<T>(entries: ReadonlyMap<string, T>): T[] {
  return [...entries].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, value]) => value);
}

/** The one store of positions and balances. */
export class Portfolio {
  readonly #positions = new Map<string, Position>();
  readonly #balances = new Map<string, Balance>();
  readonly #ledgers = new Map<AccountId, Ledger>();

  constructor(record?: PortfolioRecord) {
    for (const position of record?.positions ?? []) {
      this.#positions.set(`${position.account} ${position.instrument}`, position);
    }
    for (const balance of record?.balances ?? []) {
      this.#balances.set(`${balance.account} ${balance.asset}`, balance);
    }
    for (const { account, lines } of record?.ledgers ?? []) {
      this.#ledgers.set(account, new Ledger(lines));
    }
  }

  /** The position, of nothing when never traded. */
  position(account: AccountId, instrument: InstrumentId): Position {
    return this.#positions.get(`${account} ${instrument}`) ?? emptyPosition(account, instrument);
  }

  /** Every position ever traded, by account and instrument. */
  positions(): Position[] {
    return sorted(this.#positions);
  }

  /** The balance as the venue last stated it. */
  balance(account: AccountId, asset: AssetCode): Balance | undefined {
    return this.#balances.get(`${account} ${asset}`);
  }

  /** Every balance, by account and asset. */
  balances(): Balance[] {
    return sorted(this.#balances);
  }

  /** The expected balances of an account. */
  ledger(account: AccountId): Ledger {
    const known = this.#ledgers.get(account);
    if (known !== undefined) return known;
    this.#ledgers.set(account, new Ledger());
    return present(this.#ledgers.get(account), 'ledger');
  }

  /** Counts a fill that was not counted before; gives the position after it, with its day when days are kept. */
  applyFill(fill: Fill, instrument: Instrument, keepsDays: boolean): Position {
    const before = this.position(fill.account, fill.instrument);
    const after = applyFill(before, fill);
    const next = keepsDays ? keepDay(before, after, fill) : after;
    this.#positions.set(`${fill.account} ${fill.instrument}`, next);
    this.ledger(fill.account).applyFill(fill, instrument);
    return next;
  }

  /** Takes up what an account held: its positions and what it should hold of every asset. */
  carry(account: AccountId, positions: readonly Position[], lines: readonly LedgerLine[]): void {
    for (const position of positions) {
      this.#positions.set(`${account} ${position.instrument}`, position);
    }
    this.#ledgers.set(account, new Ledger(lines));
  }

  /** Forgets what an account held and should hold; gives the positions it had. Balances stay as the venue states them. */
  forget(account: AccountId): Position[] {
    const held = this.positions().filter((position) => position.account === account);
    for (const { instrument } of held) this.#positions.delete(`${account} ${instrument}`);
    this.#ledgers.delete(account);
    return held;
  }

  /** Takes the venue's balances; gives those that changed. */
  setBalances(account: AccountId, balances: readonly VenueBalance[]): Balance[] {
    const changed: Balance[] = [];
    for (const { asset, scale, free, locked } of balances) {
      const before = this.balance(account, asset);
      if (before?.free === free && before.locked === locked && before.scale === scale) continue;
      const next = { account, asset, scale, free, locked };
      this.#balances.set(`${account} ${asset}`, next);
      changed.push(next);
    }
    return changed;
  }

  /** Plain data for the canonical encoding. */
  record(): PortfolioRecord {
    const ledgers = [...this.#ledgers]
      .map(([account, ledger]) => ({ account, lines: ledger.lines() }))
      .sort((left, right) => (left.account < right.account ? -1 : 1));
    return { positions: this.positions(), balances: this.balances(), ledgers };
  }
}
