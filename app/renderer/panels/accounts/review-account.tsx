import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import type { KeyAnswer } from '../../state/desk.tsx';
import { accountParts } from './account-words.ts';

/** A live key that waits. */
export type Review = Extract<KeyAnswer, { readonly state: 'Review' }>;

/** The second look at a live key: what is about to be kept, kept when the account's name is typed. */
export function ReviewAccount({
  review,
  busy,
  onKeep,
  onDiscard,
}: {
  readonly review: Review;
  readonly busy: boolean;
  readonly onKeep: (account: string) => void;
  readonly onDiscard: () => void;
}): ReactNode {
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const { account, venue } = accountParts(review.name);
  const { rights, warnings } = review.rights;
  return (
    <form
      className="account-form review"
      aria-label="Review of a live key"
      data-testid="account-review"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed === account && !busy) onKeep(typed);
      }}
    >
      <h3>
        <span className="mode live">LIVE</span> Real money can be traded with this key
      </h3>
      <dl>
        <dt>Account</dt>
        <dd>
          {account} at {venue}
        </dd>
        <dt>Key ends in</dt>
        <dd className="mono">{review.apiKeyTail}</dd>
        <dt>It</dt>
        <dd>{rights.join(', ') || 'the venue did not say'}</dd>
        {warnings.map((warning) => (
          <div key={warning} className="pair">
            <dt>Mind</dt>
            <dd className="warn">{warning}</dd>
          </div>
        ))}
        {review.replaces && (
          <>
            <dt>Mind</dt>
            <dd className="warn">it takes the place of the key that is kept under this name</dd>
          </>
        )}
      </dl>
      <label className="form-field">
        <span>Type {account} to keep it</span>
        <input
          ref={field}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <div className="acts">
        <button type="submit" className="btn sm danger" disabled={busy || typed !== account}>
          Keep the live key
        </button>
        <button type="button" className="btn sm" onClick={onDiscard}>
          Forget it
        </button>
      </div>
    </form>
  );
}
