import { useEffect, useRef, useState, type ReactNode } from 'react';
import { clockSeconds } from '../format/time-text.ts';
import type { Receipt } from '../state/account-replica.ts';
import { useDesk, useNotices, useTrade } from '../state/desk.tsx';
import type { NoticeLevel } from '../state/notices.ts';
import type { Workspaces } from '../state/workspaces.ts';
import { Icon, type IconName } from '../ui/icons.tsx';
import { FirstSteps } from './first-steps/first-steps.tsx';
import { toastPlace, type SeenPanel } from './toast-place.ts';
import { isProved, receiptTitle } from './dialogs/receipt-view.tsx';

const ICONS: Readonly<Record<NoticeLevel, IconName>> = {
  info: 'info',
  done: 'check',
  warning: 'warn',
  danger: 'warn',
};

/** Notices in the reserved corner under the tape, never over a ladder, ticket or blotter. */
export function Toasts({ onReceipt }: { readonly onReceipt: () => void }): ReactNode {
  const desk = useDesk();
  const notices = useNotices();
  const receipt = useRecentReceipt();
  const corner = useRef<HTMLElement>(null);
  useEffect(
    () => (corner.current === null ? undefined : keepPlace(corner.current, desk.workspaces)),
    [desk],
  );
  return (
    <aside
      ref={corner}
      className="toasts"
      aria-label="Notices"
      aria-live="polite"
      data-testid="toasts"
    >
      <FirstSteps />
      {receipt !== undefined && (
        <div
          className={`toast ${isProved(receipt) ? 'done' : 'warning'}`}
          data-testid="receipt-toast"
        >
          <h4>
            <Icon name={isProved(receipt) ? 'check' : 'warn'} />
            {receipt.kind}
            <time>{clockSeconds(receipt.updatedAt)}</time>
          </h4>
          <p>{receiptTitle([receipt])}</p>
          {receipt.lines.slice(0, 2).map((line) => (
            <p key={line.instrument}>
              {line.symbol}: {line.proved ? 'proved' : 'not proved'}, {line.detail}
            </p>
          ))}
          {!isProved(receipt) && (
            <div className="acts">
              <button type="button" onClick={onReceipt}>
                Receipt
              </button>
            </div>
          )}
        </div>
      )}
      {notices.map((notice) => (
        <div key={notice.id} className={`toast ${notice.level}`} role="status">
          <h4>
            <Icon name={ICONS[notice.level]} />
            <span className="toast-title">{notice.title}</span>
            <button
              type="button"
              tabIndex={-1}
              aria-label="Dismiss"
              // The hand that puts a notice away leaves the keyboard where it is.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => desk.notices.dismiss(notice.id)}
            >
              <Icon name="x" />
            </button>
          </h4>
          <p title={notice.text}>{notice.text}</p>
        </div>
      ))}
    </aside>
  );
}

/** Keeps the notices where they cover nothing that is acted in; looked at when one comes and when panels or window change. */
function keepPlace(element: HTMLElement, workspaces: Workspaces): () => void {
  let asked = 0;
  const put = (): void => {
    const place = toastPlace(seenPanels());
    element.style.right = place === undefined ? '' : `${innerWidth - place.right}px`;
    element.style.bottom = place === undefined ? '' : `${innerHeight - place.bottom}px`;
    element.style.maxWidth = place === undefined ? '' : `${place.width}px`;
  };
  const later = (): void => {
    cancelAnimationFrame(asked);
    // Panels stand in their new places with the next picture.
    asked = requestAnimationFrame(() => {
      asked = requestAnimationFrame(put);
    });
  };
  put();
  const notices = new MutationObserver(put);
  notices.observe(element, { childList: true });
  const sizes = new ResizeObserver(later);
  sizes.observe(document.body);
  const moved = workspaces.store.subscribe(later);
  return () => {
    cancelAnimationFrame(asked);
    notices.disconnect();
    sizes.disconnect();
    moved();
  };
}

function seenPanels(): readonly SeenPanel[] {
  return [...document.querySelectorAll<HTMLElement>('[data-panel]')].map((panel) => {
    const { right, bottom, width, height } = panel.getBoundingClientRect();
    return { type: panel.dataset['panel'] ?? '', right, bottom, width, height };
  });
}

/** Milliseconds that a finished receipt stays in the corner. */
const RECEIPT_MS = 12_000;

/** A receipt that changed while this window was open: it stays until proved, then for a while. */
function useRecentReceipt(): Receipt | undefined {
  const desk = useDesk();
  const [shown, setShown] = useState<string>();
  const receipts = useTrade((state) => state.replica.receipts);
  useEffect(
    () =>
      desk.trade.updates.add((updates) => {
        const last = updates.findLast((update) => update.type === 'FlattenChanged');
        if (last !== undefined) setShown(last.receipt.id);
      }),
    [desk],
  );
  const receipt = receipts.find((candidate) => candidate.id === shown);
  const drilled = receipt?.kind === 'Drill' && receipt.step === 'Done';
  const done = receipt !== undefined && (isProved(receipt) || drilled);
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => setShown(undefined), RECEIPT_MS);
    return () => clearTimeout(timer);
  }, [done]);
  return receipt;
}
