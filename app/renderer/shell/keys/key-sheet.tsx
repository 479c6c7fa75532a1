import { useState, type ReactNode } from 'react';
import { useBindings, useCommands } from '../../commands/commands-context.tsx';
import { Dialog } from '../dialogs/dialog.tsx';
import { KeyCaps } from './key-caps.tsx';
import { listedKeys } from './listed-keys.ts';
import { OrderScope } from './order-scope.tsx';
import './keys.css';

/** Every key that works now, by where it works. */
export function KeySheet({
  onClose,
  onEdit,
}: {
  readonly onClose: () => void;
  readonly onEdit: () => void;
}): ReactNode {
  const { registry } = useCommands();
  const [query, setQuery] = useState('');
  const scopes = listedKeys(useBindings(), query);
  return (
    <Dialog label="Keys" role="dialog" className="key-sheet" onClose={onClose}>
      <header>
        <h2>Keys</h2>
        <p>
          A held key never repeats an order, and order keys do nothing while a text field has the
          focus.
        </p>
        <OrderScope />
        <input
          className="find"
          data-first
          aria-label="Find a key"
          placeholder="Find a key or what it does"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </header>
      <div className="scopes">
        {scopes.length === 0 && <p className="t3">No key and no command has these letters.</p>}
        {scopes.map(({ scope, title, commands }) => (
          <section key={scope}>
            <h3>{title}</h3>
            {commands.map(({ command, keys }) => (
              <div key={command.id} className="key-row">
                <span>{command.title}</span>
                {keys.length === 0 && command.order === false ? (
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
                  <KeyCaps keys={keys} />
                )}
              </div>
            ))}
          </section>
        ))}
      </div>
      <div className="acts">
        <button type="button" className="btn" onClick={onClose}>
          Close
        </button>
        <button type="button" className="btn spacer" onClick={onEdit}>
          Change keys
        </button>
      </div>
    </Dialog>
  );
}
