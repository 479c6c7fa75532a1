import { useId, type ReactNode } from 'react';

/** A number field with its unit and, where steps make sense, buttons that move it. */
export function NumberField({
  label,
  unit,
  value,
  error,
  onChange,
  onNudge,
}: {
  readonly label: string;
  readonly unit: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
  readonly onNudge: (steps: number) => void;
}): ReactNode {
  const id = useId();
  return (
    <div className="row">
      <label htmlFor={id}>{label}</label>
      <div className="ctl">
        <span className={`field${error === undefined ? '' : ' wrong'}`} title={error}>
          <input
            id={id}
            value={value}
            inputMode="decimal"
            autoComplete="off"
            spellCheck={false}
            aria-invalid={error !== undefined}
            onChange={(event) => onChange(event.target.value)}
            onFocus={(event) => event.target.select()}
            onKeyDown={(event) => {
              const steps = { ArrowUp: 1, ArrowDown: -1 }[event.key];
              if (steps === undefined) return;
              event.preventDefault();
              onNudge(event.shiftKey ? steps * 10 : steps);
            }}
          />
          <em>{unit}</em>
        </span>
        <button
          type="button"
          className="nudge"
          tabIndex={-1}
          aria-label={`${label} down`}
          onClick={() => onNudge(-1)}
        >
          {'\u2212'}
        </button>
        <button
          type="button"
          className="nudge"
          tabIndex={-1}
          aria-label={`${label} up`}
          onClick={() => onNudge(1)}
        >
          +
        </button>
      </div>
    </div>
  );
}
