import type { ReactNode, RefObject } from 'react';

/** A field whose text is not shown and not remembered by the browser. */
export function SecretField({
  label,
  value,
  problem,
  field,
  isFirst = false,
  onChange,
}: {
  readonly label: string;
  readonly field?: RefObject<HTMLInputElement | null>;
  readonly value: string;
  readonly problem?: string | undefined;
  /** A dialog begins here. */
  readonly isFirst?: boolean;
  readonly onChange: (value: string) => void;
}): ReactNode {
  return (
    <label className="form-field">
      <span>{label}</span>
      <input
        ref={field}
        data-first={isFirst ? '' : undefined}
        type="password"
        autoComplete="new-password"
        spellCheck={false}
        value={value}
        aria-invalid={problem !== undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {problem !== undefined && <span className="bad">{problem}</span>}
    </label>
  );
}
