import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { unixMicros } from '../../../engine/domain/time.ts';
import type { DeskCommand } from '../../commands/command-registry.ts';
import { nothing } from '../../commands/order-plan.ts';
import { useCommands, useKeyOf, useRegister } from '../../commands/commands-context.tsx';
import { Blotter } from '../../grids/blotter.tsx';
import { rowWithKeyboard } from '../../grids/row-with-keyboard.ts';
import { useRows } from '../../grids/use-rows.ts';
import { useDesk, useOfAccount, useTrade } from '../../state/desk.tsx';
import { useKeptPart } from '../../state/kept-part.ts';
import { usePanelPlace } from '../../state/panel-place.tsx';
import { positionResult, realizedToday, totals, type ResultTotal } from '../../state/results.ts';
import { supposedQuote, type WhatIf } from '../../state/what-if.ts';
import { COLUMNS, LIST, SECTIONS, WHAT_IF_COLUMNS } from './position-columns.ts';
import { positionId, type PositionRow } from './position-row.ts';
import { Totals } from './totals.tsx';
import { WhatIfBar, type WhatIfChoice } from './what-if-bar.tsx';
import './positions.css';

/** How the columns stand while prices are supposed is kept by nobody. */
const NOT_KEPT = { saved: undefined, onSave: () => undefined };
const WHAT_IF = 'positions.what-if';

/** Sums of the results as they are, and as they would be. */
interface Sums {
  readonly real: readonly ResultTotal[];
  readonly supposed: readonly ResultTotal[];
}

/** Positions with the price they could be left at, and the results with their definitions; on demand beside what they would be at other prices. */
export function Positions(): ReactNode {
  const desk = useDesk();
  const box = useRef<HTMLDivElement>(null);
  const [choice, setChoice] = useWhatIf(box);
  useFlattenCommand(choice !== undefined);
  const { supposed } = choice ?? {};
  const rows = usePositionRows(supposed);
  const synced = useTrade((state) => state.replica.synced);
  const first = useMemo(() => rows(), [rows]);
  const list = useRows(first, LIST, synced);
  const keeping = useKeptPart('blotter-positions');
  const [sums, setSums] = useState<Sums>({ real: [], supposed: [] });
  const key = useKeyOf(WHAT_IF);
  useEffect(() => {
    const renew = (): void => {
      const update = rows();
      list.replace(update);
      const would = update.flatMap(({ instrument, supposed: result }) =>
        result === undefined ? [] : [{ instrument, result }],
      );
      setSums({ real: totals(update), supposed: totals(would) });
    };
    renew();
    // Quotes come every frame; results are for reading, so they are renewed a few times a second.
    const timer = setInterval(renew, 250);
    return () => clearInterval(timer);
  }, [list, rows]);
  const on = choice !== undefined;
  return (
    <div
      className={`panel positions${on ? ' what-if' : ''}`}
      tabIndex={-1}
      ref={box}
      onKeyDown={(event) => {
        if (!on || event.key !== 'Escape') return;
        event.preventDefault();
        setChoice(undefined);
      }}
    >
      {on && <WhatIfBar rows={first} onChange={setChoice} onLeave={() => setChoice(undefined)} />}
      <Blotter<PositionRow>
        // Another set of columns is another grid.
        key={on ? 'supposed' : 'real'}
        label={on ? 'Positions, what if' : 'Positions'}
        head={
          <button
            type="button"
            className={`chip${on ? ' on' : ''}`}
            aria-pressed={on}
            title={`What positions would be worth at other prices${key === undefined ? '' : ` (${key})`}`}
            data-testid="what-if"
            onClick={() => setChoice(on ? undefined : { supposed: undefined })}
          >
            What if
          </button>
        }
        keeping={on ? NOT_KEPT : keeping}
        columns={on ? WHAT_IF_COLUMNS : COLUMNS}
        list={list}
        sections={SECTIONS}
        onSelect={({ position }) => desk.link.select(position.instrument)}
        empty="No positions. A fill opens one."
        styleNonce={desk.styleNonce}
      />
      <Totals totals={sums.real} {...(supposed && { supposed: sums.supposed })} />
    </div>
  );
}

/** The command that flattens the position whose row has the keyboard; while prices are supposed nothing is sent. */
function useFlattenCommand(supposing: boolean): void {
  const { actions } = useCommands();
  const positions = useTrade((state) => state.replica.positions);
  useRegister(
    useMemo(
      (): readonly DeskCommand[] => [
        {
          id: 'positions.flatten',
          title: 'Flatten the position of the row',
          keys: ['Shift+Delete'],
          scope: 'positions',
          order: 'reduces',
          plan: () => {
            if (supposing) return nothing('Leave What if first');
            const row = rowWithKeyboard();
            const held = positions.find((position) => positionId(position) === row);
            return held === undefined
              ? nothing('Go to the row of a position first')
              : actions.flattenPlan(held.instrument);
          },
        },
      ],
      [actions, positions, supposing],
    ),
  );
}

/** Gives the positions of the account as they are now; with `supposed` also as they would be. */
function usePositionRows(supposed: WhatIf | undefined): () => readonly PositionRow[] {
  const desk = useDesk();
  const positions = useOfAccount(useTrade((state) => state.replica.positions));
  const instruments = useTrade((state) => state.replica.instruments);
  return useMemo(
    () => () => {
      // A replay has a day of its own.
      const today = desk.feed.store.getState().replay?.at ?? unixMicros(Date.now() * 1000);
      return positions.flatMap((position): PositionRow[] => {
        const instrument = instruments.get(position.instrument);
        if (instrument === undefined) return [];
        const quote = desk.feed.market.quote(position.instrument);
        const result = positionResult(position, instrument, quote);
        const row = { position, instrument, result, today: realizedToday(position, today) };
        if (supposed === undefined) return [row];
        const would = supposedQuote(quote, instrument, supposed);
        return [{ ...row, supposed: positionResult(position, instrument, would) }];
      });
    },
    [desk, positions, instruments, supposed],
  );
}

/** Whether prices are supposed in this panel, and how; with its command and the mark on the panel's tab. A new page begins without. */
function useWhatIf(box: {
  readonly current: HTMLElement | null;
}): readonly [WhatIfChoice | undefined, (choice: WhatIfChoice | undefined) => void] {
  const { marks } = useDesk();
  const { registry } = useCommands();
  const panel = usePanelPlace()?.id;
  const [choice, setChoice] = useState<WhatIfChoice>();
  const on = choice !== undefined;
  const wasOn = useRef(on);
  useEffect(() => {
    if (wasOn.current && !on) {
      box.current?.querySelector<HTMLElement>('[data-testid="what-if"]')?.focus();
    }
    wasOn.current = on;
    if (panel === undefined || !on) return undefined;
    marks.set(panel, 'WHAT IF');
    return () => marks.set(panel, undefined);
  }, [box, marks, panel, on]);
  useRegister(
    useMemo(
      (): readonly DeskCommand[] => [
        {
          id: WHAT_IF,
          title: 'What if\u2026',
          keys: ['W'],
          scope: 'positions',
          order: false,
          run: () => {
            // Asked for by its name while another panel is in front.
            if (box.current?.checkVisibility() === false) registry.run('panel.positions');
            setChoice((now) => (now === undefined ? { supposed: undefined } : undefined));
          },
        },
      ],
      [box, registry],
    ),
  );
  return [choice, setChoice];
}
