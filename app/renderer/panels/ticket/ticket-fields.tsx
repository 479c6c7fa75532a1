import { useId, type KeyboardEvent, type ReactNode } from 'react';
import type { DraftField } from './ticket-numbers.ts';

/** A label with the letter that Alt brings the keyboard here by. */
export function Mnemonic({
  label,
  letter,
}: {
  readonly label: string;
  readonly letter: string;
}): ReactNode {
  const at = label.toLowerCase().indexOf(letter.toLowerCase());
  if (at < 0) return label;
  return (
    <>
      {label.slice(0, at)}
      <u>{label.slice(at, at + 1)}</u>
      {label.slice(at + 1)}
    </>
  );
}

interface FieldProps {
  readonly name: DraftField;
  readonly label: string;
  readonly letter: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

/** A labelled input; `within` stands in its frame, `beside` after it. */
function Field({
  placeholder,
  decimal = false,
  onKeyDown,
  within,
  beside,
  ...props
}: FieldProps & {
  readonly placeholder: string;
  readonly decimal?: boolean;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly within: ReactNode;
  readonly beside?: ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <div className="row">
      <label htmlFor={id}>
        <Mnemonic label={props.label} letter={props.letter} />
      </label>
      <div className="ctl">
        <span className={`field${props.error === undefined ? '' : ' wrong'}`} title={props.error}>
          <input
            id={id}
            data-field={props.name}
            value={props.value}
            placeholder={placeholder}
            inputMode={decimal ? 'decimal' : undefined}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={props.error !== undefined}
            aria-keyshortcuts={`Alt+${props.letter}`}
            onChange={(event) => props.onChange(event.target.value)}
            onFocus={(event) => event.target.select()}
            onKeyDown={onKeyDown}
          />
          {within}
        </span>
        {beside}
      </div>
    </div>
  );
}

/** A text field with what stands behind it. */
export function TextField({
  after,
  ...props
}: FieldProps & { readonly placeholder: string; readonly after?: ReactNode }): ReactNode {
  return <Field {...props} within={after} />;
}

/** A number field with its unit and, where steps make sense, buttons that move it. */
export function NumberField({
  unit,
  note,
  placeholder = '',
  onNudge,
  ...props
}: FieldProps & {
  readonly unit: ReactNode;
  /** What the number comes to, behind it. */
  readonly note?: string;
  readonly placeholder?: string;
  readonly onNudge: ((steps: number) => void) | undefined;
}): ReactNode {
  const { label } = props;
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (steps === undefined || onNudge === undefined || event.altKey) return;
    event.preventDefault();
    onNudge(event.shiftKey ? steps * 10 : steps);
  };
  return (
    <Field
      {...props}
      placeholder={placeholder}
      decimal
      onKeyDown={onKeyDown}
      within={
        <>
          {note !== undefined && <output>{note}</output>}
          {typeof unit === 'string' ? <em>{unit}</em> : unit}
        </>
      }
      beside={
        onNudge !== undefined && (
          <>
            <Nudge label={`${label} down`} sign={'\u2212'} onClick={() => onNudge(-1)} />
            <Nudge label={`${label} up`} sign="+" onClick={() => onNudge(1)} />
          </>
        )
      }
    />
  );
}

function Nudge({
  label,
  sign,
  onClick,
}: {
  readonly label: string;
  readonly sign: string;
  readonly onClick: () => void;
}): ReactNode {
  return (
    <button type="button" className="nudge" tabIndex={-1} aria-label={label} onClick={onClick}>
      {sign}
    </button>
  );
}
