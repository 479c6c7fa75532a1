import type { ReactNode } from 'react';
import { useCommands, useKeyOf } from '../../commands/commands-context.tsx';
import type { EntryGate, GateCode } from '../../state/entry-gate.ts';
import type { Verdict } from '../../state/trade-session.ts';
import { Keys } from '../../ui/controls.tsx';
import { Icon, type IconName } from '../../ui/icons.tsx';

/** Whether the order would be sent, and if not why and what opens the way. */
export function TicketVerdict({
  gate,
  verdict,
  draftError,
}: {
  readonly gate: EntryGate;
  readonly verdict: Verdict | undefined;
  readonly draftError: string | undefined;
}): ReactNode {
  // Without the trading process nobody judges: what risk said before is not said again.
  const asked = gate.open || gate.code !== 'DISCONNECTED';
  return (
    <div className="verdict" data-testid="ticket-verdict" aria-live="polite">
      {(asked || draftError !== undefined) && (
        <RiskLine verdict={verdict} draftError={draftError} />
      )}
      {!gate.open && <GateLine gate={gate} />}
    </div>
  );
}

function RiskLine({
  verdict,
  draftError,
}: {
  readonly verdict: Verdict | undefined;
  readonly draftError: string | undefined;
}): ReactNode {
  if (draftError !== undefined) {
    return (
      <h4 className="t3">
        <Icon name="info" />
        <span className="why">{draftError}</span>
      </h4>
    );
  }
  if (verdict === undefined) {
    return (
      <h4 className="t3">
        <Icon name="clock" />
        Asking risk
      </h4>
    );
  }
  if (verdict.ok) {
    return (
      <h4 className="ok">
        <Icon name="check" />
        Risk passes
      </h4>
    );
  }
  return (
    <h4 className="warn" title={verdict.message}>
      <Icon name="warn" />
      <span className="why">{verdict.message}</span>
    </h4>
  );
}

const GATE_ICONS: Readonly<Partial<Record<GateCode, IconName>>> = {
  DISCONNECTED: 'plug',
  NOT_TRADING: 'warn',
};

function GateLine({ gate }: { readonly gate: Extract<EntryGate, { open: false }> }): ReactNode {
  const { registry } = useCommands();
  const unlock = gate.code === 'LOCKED' || gate.code === 'HALTED';
  const next = unlock ? 'trading.unlock' : 'trading.arm';
  const chord = useKeyOf(next);
  return (
    <h4 className="warn">
      <Icon name={GATE_ICONS[gate.code] ?? 'lock'} />
      <span className="why">{gate.reason}</span>
      {(unlock || gate.code === 'DISARMED') && (
        <button type="button" className="btn sm spacer" onClick={() => registry.run(next)}>
          {unlock ? 'Unlock' : 'Arm'}
          {chord !== undefined && gate.code !== 'HALTED' && <Keys chord={chord} />}
        </button>
      )}
    </h4>
  );
}
