import type { ReactNode } from 'react';
import { Icon } from '../../ui/icons.tsx';
import { Segments } from '../../ui/controls.tsx';
import { groupThousands } from '../../format/number-text.ts';
import { LEVELS, type LogFilter } from './log-filter.ts';

const PROCESSES: readonly LogFilter['process'][] = ['', 'main', 'feed', 'trade', 'sandbox'];

/** What the log's head shows and does. */
export interface LogBarProps {
  readonly filter: LogFilter;
  readonly areas: readonly string[];
  readonly shown: number;
  readonly of: number;
  readonly paused: boolean;
  readonly copyable: boolean;
  readonly onFilter: (filter: LogFilter) => void;
  readonly onPause: () => void;
  readonly onCopy: () => void;
  readonly onExport: () => void;
}

/** Filters and acts of the log. */
export function LogBar(props: LogBarProps): ReactNode {
  const { filter, areas, paused, onFilter } = props;
  return (
    <div className="bar log-bar">
      <Segments
        label="Least level"
        options={LEVELS.map((level) => ({ value: level, label: level }))}
        value={filter.level}
        onChange={(level) => onFilter({ ...filter, level })}
      />
      <select
        aria-label="Process"
        value={filter.process}
        onChange={(event) => {
          const process = PROCESSES.find((one) => one === event.target.value) ?? '';
          onFilter({ ...filter, process });
        }}
      >
        {PROCESSES.map((process) => (
          <option key={process} value={process}>
            {process === '' ? 'every process' : process}
          </option>
        ))}
      </select>
      <select
        aria-label="Area"
        value={filter.area}
        onChange={(event) => onFilter({ ...filter, area: event.target.value })}
      >
        <option value="">every area</option>
        {areas.map((area) => (
          <option key={area}>{area}</option>
        ))}
      </select>
      <label className="find">
        <Icon name="search" />
        <input
          aria-label="Text"
          placeholder="text"
          value={filter.text}
          spellCheck={false}
          onChange={(event) => onFilter({ ...filter, text: event.target.value })}
        />
      </label>
      <span className="t3 counts" data-testid="log-counts">
        {groupThousands(String(props.shown))} of {groupThousands(String(props.of))}
      </span>
      <span className="acts">
        <button
          type="button"
          className={`chip ${paused ? 'on' : ''}`}
          aria-pressed={paused}
          onClick={props.onPause}
        >
          <Icon name={paused ? 'play' : 'pause'} />
          {paused ? 'Follow' : 'Pause'}
        </button>
        <button type="button" className="chip" disabled={!props.copyable} onClick={props.onCopy}>
          Copy line
        </button>
        <button type="button" className="chip" onClick={props.onExport}>
          Export
        </button>
      </span>
    </div>
  );
}
