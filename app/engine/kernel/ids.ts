import { invariant } from '../base/invariant.ts';
import { parseClientOrderId, type ClientOrderId } from '../domain/identifiers.ts';
import type { KernelState } from './state.ts';

/** The next client order id: prefix of this start and a counter in base 36. */
export function nextClientOrderId(state: KernelState): ClientOrderId {
  const parsed = parseClientOrderId(nextId(state));
  invariant(parsed.ok, `client order id from prefix ${state.idPrefix} must be well formed`);
  return parsed.value;
}

/** The next id of this start. */
export function nextId(state: KernelState): string {
  const id = `${state.idPrefix}-${state.nextId.toString(36)}`;
  state.nextId += 1;
  return id;
}
