import { useEffect, useState, type ReactNode } from 'react';
import type { DryRun } from '../../commands/command-registry.ts';
import { useCommands } from '../../commands/commands-context.tsx';
import { confirmKey, whereOf } from '../../commands/key-map.ts';
import type { OrderPlan } from '../../commands/order-plan.ts';
import { useVerdict } from '../../commands/use-verdict.ts';
import { Keys } from '../../ui/controls.tsx';
import { Dialog } from '../dialogs/dialog.tsx';
import { PlanPreview, submittedTerms } from '../order-line/line-preview.tsx';
import './keys.css';

/** Shows what an order key that is not confirmed would have sent, whenever one is pressed. */
export function DryRuns(): ReactNode {
  const { registry } = useCommands();
  const [pressed, setPressed] = useState<{ readonly run: DryRun; readonly plan: OrderPlan }>();
  useEffect(
    () => registry.dryRuns.add((run) => setPressed({ run, plan: run.command.plan() })),
    [registry],
  );
  if (pressed === undefined) return null;
  return <DryRunDialog {...pressed} onClose={() => setPressed(undefined)} />;
}

function DryRunDialog({
  run: { command, chord },
  plan,
  onClose,
}: {
  readonly run: DryRun;
  readonly plan: OrderPlan;
  readonly onClose: () => void;
}): ReactNode {
  const { registry, keys } = useCommands();
  const verdict = useVerdict(submittedTerms({ kind: 'empty' }, plan));
  const confirm = (): void => {
    keys.change(confirmKey(registry.bindings.state.map, command, chord));
    onClose();
  };
  return (
    <Dialog label="Dry run" role="alertdialog" className="dry-run" onClose={onClose}>
      <header>
        <span className="dry-stamp">DRY RUN</span>
        <h2>{command.title}</h2>
        <span className="spacer t2">
          <Keys chord={chord} /> {whereOf(command)}
        </span>
      </header>
      <p className="said">
        <b>Nothing was sent.</b> This key is new. It would have sent:
      </p>
      <div className="pv" data-testid="dry-run-preview">
        <PlanPreview plan={plan} verdict={verdict} />
      </div>
      <div className="acts">
        <button type="button" className="btn" data-first onClick={onClose}>
          Keep it a dry run
        </button>
        <button type="button" className="btn spacer" onClick={confirm}>
          Confirm: <Keys chord={chord} /> sends from now on
        </button>
      </div>
    </Dialog>
  );
}
