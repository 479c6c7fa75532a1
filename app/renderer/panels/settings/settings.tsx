import { useState, type ReactNode } from 'react';
import { useDesk, useHost } from '../../state/desk.tsx';
import { Note, Say } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icons.tsx';
import { search } from './setting-draft.ts';
import { SettingRow } from './setting-row.tsx';
import './settings.css';

/** Every setting with its words, default, unit and when it acts; what is wrong in the file stands over them. */
export function SettingsPanel(): ReactNode {
  const { host } = useDesk();
  const state = useHost((one) => one.settings);
  const [text, setText] = useState('');
  if (state === undefined) {
    return (
      <div className="panel settings" tabIndex={0}>
        <Say icon="plug" title="No settings yet" text="The host sends them when it is connected." />
      </div>
    );
  }
  const { settings, problems } = state;
  const found = search(settings, text);
  const sections = [...new Set(found.map(({ section }) => section))];
  const known = new Set(settings.map(({ key }) => key));
  return (
    <div className="panel settings">
      <div className="bar">
        <label className="find">
          <Icon name="search" />
          <input
            aria-label="Search settings"
            placeholder="Search"
            value={text}
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <span className="t3" data-testid="settings-count">
          {found.length} of {settings.length}
        </span>
        <span className="t3 spacer kept">
          kept in settings.json of the data folder, comments too
        </span>
      </div>
      {problems
        .filter(({ key }) => !known.has(key))
        .map(({ line, key, message }) => (
          <Note
            key={`${line} ${key}`}
            level="warn"
            icon="warn"
            title={`settings.json line ${line}`}
            text={`${key} ${message}`}
          />
        ))}
      <div className="settings-scroll" tabIndex={0} role="group" aria-label="Settings">
        {found.length === 0 && (
          <Say icon="search" title="Nothing found" text={`No setting has the words "${text}".`} />
        )}
        {sections.map((section) => (
          <section key={section} aria-label={section}>
            <h3>{section}</h3>
            {found
              .filter((setting) => setting.section === section)
              .map((setting) => (
                <SettingRow
                  key={setting.key}
                  setting={setting}
                  problem={problems.find(({ key }) => key === setting.key)?.message}
                  onChange={(value) => host.changeSetting(setting.key, value)}
                />
              ))}
          </section>
        ))}
      </div>
    </div>
  );
}
