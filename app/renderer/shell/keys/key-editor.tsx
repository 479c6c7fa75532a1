import { useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Result } from '../../../engine/base/result.ts';
import type { DeskCommand } from '../../commands/command-registry.ts';
import { useBindings, useCommands } from '../../commands/commands-context.tsx';
import { exportKeys, importKeys } from '../../commands/key-file.ts';
import {
  bindKey,
  confirmKey,
  presetMap,
  restoreKey,
  unbindKey,
  withoutChanges,
  type BindRefusal,
  type KeyMap,
} from '../../commands/key-map.ts';
import { chordOf } from '../../commands/key-press.ts';
import { KEY_PRESETS } from '../../commands/key-presets.ts';
import { Segments } from '../../ui/controls.tsx';
import { Dialog } from '../dialogs/dialog.tsx';
import { KeyEditorRow, type BindAnswer } from './key-editor-row.tsx';
import { KeyFiles } from './key-files.tsx';
import { listedKeys } from './listed-keys.ts';
import './keys.css';

const MODIFIERS: ReadonlySet<string> = new Set(['Control', 'Shift', 'Alt', 'Meta', 'AltGraph']);
const PRESETS = KEY_PRESETS.map(({ name, title }) => ({ value: name, label: title }));

/** Every command with its keys: a key is bound by pressing it. */
export function KeyEditor({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { keys } = useCommands();
  const bindings = useBindings();
  const { map, commands } = bindings;
  const [query, setQuery] = useState('');
  const [recording, setRecording] = useState<DeskCommand>();
  const [answer, setAnswer] = useState<{ readonly id: string } & BindAnswer>();
  const [discarding, setDiscarding] = useState(false);
  const change = (next: KeyMap): void => {
    setAnswer(undefined);
    setDiscarding(false);
    keys.change(next);
  };
  const settle = (command: DeskCommand, result: Result<KeyMap, BindRefusal>, chord = ''): void => {
    if (result.ok) {
      change(result.value);
      return;
    }
    const { code, message } = result.error;
    const take = (): void => settle(command, bindKey(commands, map, command, chord, true), chord);
    setAnswer({ id: command.id, text: message, ...(code === 'KEY_TAKEN' ? { take } : {}) });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (recording === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat || MODIFIERS.has(event.key)) return;
    const chord = chordOf({ ...fieldsOf(event), code: event.code });
    setRecording(undefined);
    if (chord !== 'Escape')
      settle(recording, bindKey(commands, map, recording, chord, false), chord);
  };
  const changes = Object.keys(map.changes).length;
  return (
    <Dialog label="Change keys" role="dialog" className="key-editor" onClose={onClose}>
      <div className="key-editor-box" onKeyDownCapture={onKeyDown}>
        <header>
          <h2>Change keys</h2>
          <Segments
            label="Preset"
            options={PRESETS}
            value={map.preset}
            onChange={(preset) => change(presetMap(commands, map, preset))}
          />
        </header>
        <p className="said">
          Order keys work in their panel only. A new one is a dry run: it shows what it would send,
          and sends nothing until you confirm it.
        </p>
        <input
          className="find"
          data-first
          aria-label="Find a command"
          placeholder="Find a command or key"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <div className="edit-rows">
          {listedKeys(bindings, query).map(({ scope, title, commands: listed }) => (
            <section key={scope} aria-label={title}>
              <h3>{title}</h3>
              {listed.map((each) => {
                const { command } = each;
                return (
                  <KeyEditorRow
                    key={command.id}
                    listed={each}
                    recording={recording?.id === command.id}
                    changed={Object.hasOwn(map.changes, command.id)}
                    answer={answer?.id === command.id ? answer : undefined}
                    onRecord={() => {
                      setAnswer(undefined);
                      setRecording(command);
                    }}
                    onClear={() => settle(command, unbindKey(commands, map, command))}
                    onRestore={() => change(restoreKey(commands, map, command))}
                    onConfirm={(chord) => change(confirmKey(map, command, chord))}
                    onDismiss={() => setAnswer(undefined)}
                  />
                );
              })}
            </section>
          ))}
        </div>
        <div className="acts">
          <button type="button" className="btn" onClick={onClose}>
            Close
          </button>
          <KeyFiles
            text={() => exportKeys(map)}
            onText={(text) => {
              const read = importKeys(text, commands);
              if (read.ok) change(read.value);
              return read.ok ? undefined : read.error.message;
            }}
          />
          <button
            type="button"
            className="btn"
            disabled={changes === 0}
            onClick={() =>
              discarding ? change(withoutChanges(commands, map)) : setDiscarding(true)
            }
          >
            {discarding ? `Discard ${changes} for good` : 'Discard my changes'}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

function fieldsOf(event: KeyboardEvent): Omit<Parameters<typeof chordOf>[0], 'code'> {
  const { key, ctrlKey, metaKey, shiftKey, altKey, repeat } = event;
  return { key, ctrlKey, metaKey, shiftKey, altKey, repeat };
}
