import type { ClientOrderId } from '../domain/identifiers.ts';
import {
  EVIDENCE_SOURCES,
  type OrderEvidence,
  type OrderStatement,
} from '../domain/order-evidence.ts';

/** Orders remembered; the one told about longest ago goes first. */
const MOST_ORDERS = 1000;

/** What each source said last about each order. Entries are replaced, never changed. */
export class EvidenceStore {
  readonly #entries = new Map<ClientOrderId, OrderEvidence>();

  constructor(entries: readonly OrderEvidence[] = []) {
    for (const entry of entries) this.#entries.set(entry.clientOrderId, entry);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(clientOrderId: ClientOrderId): OrderEvidence | undefined {
    return this.#entries.get(clientOrderId);
  }

  /** Told about longest ago first. */
  all(): Iterable<OrderEvidence> {
    return this.#entries.values();
  }

  /** Puts a statement in the place of the same source's last one. */
  note(about: Omit<OrderEvidence, 'statements'>, statement: OrderStatement): OrderEvidence {
    const { clientOrderId, account, instrument } = about;
    const before = this.#entries.get(clientOrderId)?.statements ?? [];
    const stated = [...before.filter((one) => one.source !== statement.source), statement];
    const statements = EVIDENCE_SOURCES.flatMap((source) =>
      stated.filter((one) => one.source === source),
    );
    const entry: OrderEvidence = { clientOrderId, account, instrument, statements };
    this.#entries.delete(clientOrderId);
    this.#entries.set(clientOrderId, entry);
    const oldest = this.#entries.keys().next();
    if (this.#entries.size > MOST_ORDERS && oldest.done !== true) {
      this.#entries.delete(oldest.value);
    }
    return entry;
  }
}
