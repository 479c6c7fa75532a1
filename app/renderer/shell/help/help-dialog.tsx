import { useDeferredValue, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useBindings } from '../../commands/commands-context.tsx';
import { useHost } from '../../state/desk.tsx';
import { Dialog } from '../dialogs/dialog.tsx';
import { KeyCaps } from '../keys/key-caps.tsx';
import { listedKeys } from '../keys/listed-keys.ts';
import { foundSections, loadGuide, type GuideSection } from './guide.ts';
import { GuideText } from './guide-text.tsx';
import './help.css';

/** What help is asked for: a panel by its name and title. */
export interface HelpTopic {
  readonly name: string;
  readonly title: string;
}

/** The user guide, without a network: it opens at the panel that had the keyboard, and is searched by words. */
export function HelpDialog({
  topic,
  onClose,
}: {
  readonly topic: HelpTopic | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const version = useHost((state) => state.version);
  const [sections, setSections] = useState<readonly GuideSection[]>([]);
  const [query, setQuery] = useState('');
  const [shown, setShown] = useState<GuideSection>();
  useEffect(() => {
    let open = true;
    void loadGuide().then((guide) => {
      if (!open) return;
      setSections(guide);
      const at = guide.find(({ page, title }) => page === 'panels' && title === topic?.title);
      setShown(at ?? guide[0]);
    });
    return () => {
      open = false;
    };
  }, [topic]);
  const looked = useDeferredValue(query);
  const found = useMemo(() => foundSections(sections, looked), [sections, looked]);
  const goTo = (page: string): void => setShown(sections.find((one) => one.page === page));
  return (
    <Dialog label="Help" role="dialog" className="help-dialog" onClose={onClose}>
      <header>
        <h2>Help</h2>
        <input
          className="find"
          data-first
          aria-label="Search the guide"
          placeholder="Search the guide"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setShown(foundSections(sections, event.target.value)[0]);
          }}
        />
      </header>
      <div className="help-body">
        <nav aria-label="Parts of the guide">
          {found.length === 0 && <p className="t3">No part of the guide has these words.</p>}
          {found.map((section, at) => (
            <div key={`${section.page} ${section.title}`}>
              {section.page !== found[at - 1]?.page && <h3>{section.pageTitle}</h3>}
              <button
                type="button"
                className={section === shown ? 'on' : ''}
                aria-current={section === shown}
                onClick={() => setShown(section)}
              >
                {section.title}
              </button>
            </div>
          ))}
        </nav>
        <article data-testid="help-text" tabIndex={0}>
          {shown !== undefined && (
            <>
              <h3>{shown.title}</h3>
              <GuideText tokens={shown.tokens} onPage={goTo} />
              {topic !== undefined && shown.title === topic.title && <PanelKeys topic={topic} />}
            </>
          )}
        </article>
      </div>
      <div className="acts">
        <button type="button" className="btn" onClick={onClose}>
          Close
        </button>
        <span className="t3 spacer">Quarterdeck {version}</span>
      </div>
    </Dialog>
  );
}

/** The keys of a panel as they are bound now. */
function PanelKeys({ topic }: { readonly topic: HelpTopic }): ReactNode {
  const scope = listedKeys(useBindings(), '').find((one) => one.scope === topic.name);
  if (scope === undefined) return null;
  return (
    <section className="panel-keys" aria-label="Keys of the panel">
      {scope.commands.map(({ command, keys }) => (
        <div key={command.id} className="key-row">
          <span>{command.title}</span>
          <KeyCaps keys={keys} />
        </div>
      ))}
    </section>
  );
}
