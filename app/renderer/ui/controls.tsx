import type { ReactNode } from 'react';
import { Icon, type IconName } from './icons.tsx';

const CAPS: Readonly<Record<string, string>> = {
  ArrowUp: '\u2191',
  ArrowDown: '\u2193',
  ArrowLeft: '\u2190',
  ArrowRight: '\u2192',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Delete: 'Del',
  Plus: '+',
  '-': '\u2212',
};

/** A chord as keycaps: `Ctrl+Shift+K`. */
export function Keys({ chord }: { readonly chord: string }): ReactNode {
  return (
    <span className="keys">
      {chord.split('+').map((key) => (
        <kbd key={key}>{CAPS[key] ?? key}</kbd>
      ))}
    </span>
  );
}

/** A row of mutually exclusive choices. */
export function Segments<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}): ReactNode {
  return (
    <div className="seg-ctl" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          className={option.value === value ? 'on' : ''}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

/** A checkbox with its words. */
export function Check({
  label,
  checked,
  disabled = false,
  onChange,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}): ReactNode {
  return (
    <label className={`chk${checked ? '' : ' no'}`}>
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <i className="box">{checked && <Icon name="check" />}</i>
      {label}
    </label>
  );
}

/** What an empty, failed or waiting panel says: what it is, and what to do next. */
export function Say({
  icon,
  title,
  text,
  children,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className="say" role="status">
      <Icon name={icon} />
      <b>{title}</b>
      <p>{text}</p>
      {children !== undefined && <div className="acts">{children}</div>}
    </div>
  );
}

/** A word that must not be overlooked beside what it is about; `why` is its tooltip. */
export function Badge({ word, why }: { readonly word: string; readonly why?: string }): ReactNode {
  return (
    <span className="badge" title={why}>
      {word}
    </span>
  );
}

/** A line over a panel or the desk that says what is wrong with what is below. */
export function Note({
  level,
  icon,
  title,
  text,
  children,
}: {
  readonly level: 'stale' | 'warn' | 'danger';
  readonly icon: IconName;
  readonly title: string;
  readonly text?: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className={`note ${level}`} role="alert">
      <Icon name={icon} />
      <b>{title}</b>
      {text !== undefined && <span className="t2">{text}</span>}
      {children !== undefined && <span className="spacer">{children}</span>}
    </div>
  );
}
