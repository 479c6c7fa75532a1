import { useState, type ReactNode, type RefObject } from 'react';
import {
  checkedStudy,
  standardStudy,
  studyDefinition,
  studyDefinitions,
  type StudySpec,
} from '../../../engine/domain/study.ts';
import { Icon } from '../../ui/icons.tsx';
import { MenuButton } from '../../ui/menu-button.tsx';
import { MOST_STUDIES, studyId, withStudy } from './chart-setup.ts';
import { studyWords } from './chart-studies.ts';

/** The studies of a chart: those it has with their numbers, and those it could have. */
export function StudyMenu({
  studies,
  button,
  onChange,
}: {
  readonly studies: readonly StudySpec[];
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly onChange: (studies: readonly StudySpec[]) => void;
}): ReactNode {
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const offered = studyDefinitions().filter(({ title, label }) =>
    `${title} ${label}`.toLowerCase().includes(wanted),
  );
  const full = studies.length >= MOST_STUDIES;
  return (
    <MenuButton label="Studies" title="Studies" button={button}>
      <input
        className="study-search"
        aria-label="Find a study"
        placeholder={full ? `${MOST_STUDIES} studies: no room for more` : 'Find a study'}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        onKeyDown={(event) => {
          const [first] = offered;
          if (event.key !== 'Enter' || first === undefined) return;
          onChange(withStudy(studies, standardStudy(first.kind)));
          setSearch('');
        }}
      />
      {studies.map((spec, index) => (
        <StudyRow
          // By place: a row keeps the focus while its numbers make it another study.
          key={index}
          spec={spec}
          onChange={(next) => {
            const others = studies.filter((one) => one !== spec);
            const known = others.some((one) => studyId(one) === studyId(next));
            onChange(known ? others : studies.with(index, next));
          }}
          onDrop={() => onChange(studies.filter((one) => one !== spec))}
        />
      ))}
      {offered.map(({ kind, title, label }) => (
        <button
          key={kind}
          type="button"
          className="menu-line"
          disabled={full}
          onClick={() => onChange(withStudy(studies, standardStudy(kind)))}
        >
          <b>{label}</b> {title}
        </button>
      ))}
    </MenuButton>
  );
}

function StudyRow({
  spec,
  onChange,
  onDrop,
}: {
  readonly spec: StudySpec;
  readonly onChange: (spec: StudySpec) => void;
  readonly onDrop: () => void;
}): ReactNode {
  const { label, parameters } = studyDefinition(spec.kind);
  const [draft, setDraft] = useState<readonly string[]>();
  const texts = draft ?? spec.parameters.map(String);
  const [refused, setRefused] = useState<string>();
  const take = (): void => {
    const next = { kind: spec.kind, parameters: texts.map(Number) };
    const checked = checkedStudy(next);
    setRefused(checked.ok ? undefined : checked.error.message);
    if (!checked.ok) return;
    setDraft(undefined);
    if (studyId(next) !== studyId(spec)) onChange(next);
  };
  return (
    <div className="study-row" role="group" aria-label={studyWords(spec)}>
      <b>{label}</b>
      {parameters.map((parameter, index) => (
        <input
          key={parameter.label}
          inputMode="decimal"
          aria-label={`${label} ${parameter.label}`}
          title={`${parameter.label}, ${parameter.least} to ${parameter.most}`}
          aria-invalid={refused !== undefined}
          value={texts[index] ?? ''}
          onChange={(event) => setDraft(texts.with(index, event.target.value))}
          onBlur={take}
          onKeyDown={(event) => {
            if (event.key === 'Enter') take();
          }}
        />
      ))}
      <button
        type="button"
        className="cell-x"
        aria-label={`Drop ${studyWords(spec)}`}
        onClick={onDrop}
      >
        <Icon name="x" />
      </button>
      {refused !== undefined && (
        <p className="study-refused" role="alert">
          {refused}
        </p>
      )}
    </div>
  );
}
