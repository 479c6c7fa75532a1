import type { FaultReport } from '../faults/faults.ts';
import type { Fault } from '../faults/plan.ts';

/** A fault as a test asks for it. */
export type WantedFault = Pick<Fault, 'kind'> & Partial<Omit<Fault, 'id' | 'kind'>>;

/** Sets faults on a running sandbox through its control port. */
export class ControlClient {
  readonly #url: string;
  readonly #token: string;

  constructor(port: { readonly url: string; readonly token: string }) {
    this.#url = `${port.url}/faults`;
    this.#token = port.token;
  }

  /** Sets faults; throws with what is wrong with them. */
  async set(...faults: readonly WantedFault[]): Promise<readonly string[]> {
    const body = JSON.stringify({ faults });
    const { ids } = (await this.#call('POST', body)) as { ids: string[] };
    return ids;
  }

  async clear(): Promise<void> {
    await this.#call('DELETE');
  }

  async report(): Promise<FaultReport> {
    return (await this.#call('GET')) as FaultReport;
  }

  /** How often a fault has struck. */
  async struck(id: string | undefined): Promise<number> {
    const { faults } = await this.report();
    return faults.find((fault) => fault.id === id)?.struck ?? 0;
  }

  async #call(method: string, body?: string): Promise<unknown> {
    const response = await fetch(this.#url, {
      method,
      headers: { authorization: `Bearer ${this.#token}` },
      ...(body === undefined ? {} : { body }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  }
}
