import type { ReactNode } from 'react';
import { useCommands } from '../../commands/commands-context.tsx';
import { Keys } from '../../ui/controls.tsx';
import { Dialog } from './dialog.tsx';

/** Every key that works now, by where it works. */
export function KeySheet({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { registry } = useCommands();
  const commands = registry.list();
  const scopes = [...new Set(commands.map((command) => command.scope))];
  return (
    <Dialog label="Keys" role="dialog" className="key-sheet" onClose={onClose}>
      <header>
        <h2>Keys</h2>
        <p>
          A held key never repeats an order, and order keys do nothing while a text field has the
          focus.
        </p>
      </header>
      <div className="scopes">
        {scopes.map((scope) => (
          <section key={scope}>
            <h3>{scope === 'desk' ? 'Anywhere' : `In the ${scope}`}</h3>
            {commands
              .filter((command) => command.scope === scope)
              .map((command) => (
                <div key={command.id} className="key-row">
                  <span>{command.title}</span>
                  {command.keys.length === 0 ? (
                    <button
                      type="button"
                      className="btn sm"
                      onClick={() => {
                        onClose();
                        registry.run(command.id);
                      }}
                    >
                      Do it
                    </button>
                  ) : (
                    <span className="chords">
                      {command.keys.map((chord) => (
                        <Keys key={chord} chord={chord} />
                      ))}
                    </span>
                  )}
                </div>
              ))}
          </section>
        ))}
      </div>
      <div className="acts">
        <button type="button" className="btn" data-first onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
