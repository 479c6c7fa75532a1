import { useEffect, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Setting } from '../../state/desk.tsx';
import { Check, Segments } from '../../ui/controls.tsx';
import { editText, isChanged, readDraft, valueWords } from './setting-draft.ts';

const ACTS: Readonly<Record<Setting['acts'], string>> = {
  now: 'acts at once',
  window: 'in windows opened from now on',
  start: 'from the next start',
};

/** What a row does. */
export interface SettingRowProps {
  readonly setting: Setting;
  /** What is wrong with it in the file. */
  readonly problem: string | undefined;
  /** Without a value: its default. */
  readonly onChange: (value?: Setting['value']) => void;
}

/** One setting: its words, its value in the control of its kind, its default, and when it acts. */
export function SettingRow({ setting, problem, onChange }: SettingRowProps): ReactNode {
  const { key, title, help, unit, acts } = setting;
  return (
    <div className="setting" data-setting={key}>
      <div className="what">
        <b>{title}</b>
        <span className="mono t3">{key}</span>
        <p className="t2">{help}</p>
        {problem !== undefined && <p className="bad">settings.json: {problem}</p>}
      </div>
      <div className="value">
        <Control setting={setting} onChange={onChange} />
        {unit !== undefined && <span className="t3 unit">{unit}</span>}
      </div>
      <div className="about t3">
        <span>{ACTS[acts]}</span>
        {isChanged(setting) ? (
          <button type="button" className="chip" onClick={() => onChange()}>
            Back to {valueWords(setting.default)}
          </button>
        ) : (
          <span>default</span>
        )}
      </div>
    </div>
  );
}

function Control({ setting, onChange }: Omit<SettingRowProps, 'problem'>): ReactNode {
  const { type, title, choices = [], value } = setting;
  switch (type) {
    case 'choice':
      return (
        <Segments
          label={title}
          options={choices.map((choice) => ({ value: choice, label: choice }))}
          value={editText(value)}
          onChange={onChange}
        />
      );
    case 'switch':
      return (
        <Check label={value === true ? 'on' : 'off'} checked={value === true} onChange={onChange} />
      );
    default:
      return <TypedValue setting={setting} onChange={onChange} />;
  }
}

/** A value that is typed: taken with Enter or on leaving the field, given up with Escape. */
function TypedValue({ setting, onChange }: Omit<SettingRowProps, 'problem'>): ReactNode {
  const { title, key, type } = setting;
  const saved = editText(setting.value);
  const [text, setText] = useState(saved);
  useEffect(() => setText(saved), [saved]);
  const draft = readDraft(setting, text);
  const take = (): void => {
    if (text !== saved && draft.ok) onChange(draft.value);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') take();
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    setText(saved);
  };
  return (
    <span className="typed">
      <input
        className={type === 'number' ? 'r' : 'wide'}
        aria-label={title}
        aria-invalid={!draft.ok}
        aria-describedby={`why-${key}`}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onBlur={take}
        onKeyDown={onKeyDown}
      />
      <span className="bad" id={`why-${key}`}>
        {draft.ok ? '' : draft.why}
      </span>
    </span>
  );
}
