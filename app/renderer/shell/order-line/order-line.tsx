import {
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import type { Suggestion } from '../../../engine/language/complete.ts';
import { useKeyOf } from '../../commands/commands-context.tsx';
import { useVerdict } from '../../commands/use-verdict.ts';
import { Keys } from '../../ui/controls.tsx';
import { rememberKeyboard } from '../../ui/keyboard-place.ts';
import { Icon } from '../../ui/icons.tsx';
import { LineOptions, optionId, optionKey, OPTIONS_ID, type LineOption } from './line-options.tsx';
import { LinePreview, submittedTerms } from './line-preview.tsx';
import { useLine } from './use-line.ts';
import { usePalette } from './use-palette.ts';
import './order-line.css';

/** Completions listed at once. */
const MOST_COMPLETIONS = 8;

/** The command field: an order, what it would do, Enter sends it once; or anything of the desk by its name. Escape drops it. */
export function OrderLine({
  field,
}: {
  readonly field: RefObject<HTMLInputElement | null>;
}): ReactNode {
  const [open, setOpen] = useState(false);
  const chord = useKeyOf('order-line.focus');
  return (
    <>
      {open && <div className="scrim part" />}
      <div className="cmd-slot">
        <div className={`cmd${open ? ' open' : ''}`} role="search">
          <div className="in">
            <Icon name="search" />
            <LineField field={field} open={open} onOpen={setOpen} />
            {!open && chord !== undefined && <Keys chord={chord} />}
          </div>
        </div>
      </div>
    </>
  );
}

function LineField({
  field,
  open,
  onOpen,
}: {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}): ReactNode {
  const line = useLine();
  const palette = usePalette(open);
  const [arrowed, setArrowed] = useState<string>();
  const [caret, setCaret] = useState(0);
  const giveBack = useRef<() => void>(null);
  const options = open ? optionsOf(line, palette, caret) : [];
  const chosen =
    arrowed === undefined ? firstChoice(line.text, options) : placeOf(arrowed, options);
  const option = chosen === undefined ? undefined : options[chosen];
  const item = option?.kind === 'item' ? option.found.item : undefined;
  const plan = item?.plan?.();
  const verdict = useVerdict(submittedTerms(line.meaning, plan));
  const write = (text: string): void => {
    line.setText(text);
    setArrowed(undefined);
  };
  const leave = (): void => {
    write('');
    field.current?.blur();
    // The keys of the panel that had the keyboard work again.
    giveBack.current?.();
  };
  const complete = (suggestion: Suggestion): void => {
    const { text } = line;
    const next = `${text.slice(0, suggestion.from - 1)}${suggestion.text}${suggestion.text.endsWith('=') ? '' : ' '}${text.slice(suggestion.to - 1).trimStart()}`;
    write(next);
    setCaret(next.length);
  };
  const take = (taken: LineOption): void => {
    if (taken.kind === 'completion') {
      complete(taken.suggestion);
      return;
    }
    leave();
    palette.choose(taken.found.item);
  };
  const arrow = (to: number): void => {
    const next = options[Math.max(0, Math.min(to, options.length - 1))];
    if (next !== undefined) setArrowed(optionKey(next));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    // From an empty line Tab goes on, unless an arrow key chose what to begin with.
    const first = line.text === '' ? undefined : options.find(isCompletion);
    const completion = option?.kind === 'completion' ? option : first;
    const acts: Readonly<Record<string, () => void>> = {
      Escape: leave,
      Enter: () => {
        // A held Enter is one order, not thirty a second.
        if (event.repeat) return;
        if (option?.kind === 'item') take(option);
        else line.send();
      },
      Tab: () => completion !== undefined && take(completion),
      ArrowDown: () => arrow((chosen ?? -1) + 1),
      ArrowUp: () => arrow((chosen ?? 0) - 1),
    };
    const act = event.shiftKey ? undefined : acts[event.key];
    if (act === undefined || (event.key === 'Tab' && completion === undefined)) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const onFocus = (event: FocusEvent): void => {
    giveBack.current = rememberKeyboard(event.relatedTarget);
    onOpen(true);
  };
  return (
    <>
      <input
        ref={field}
        className="line"
        data-testid="order-line"
        role="combobox"
        aria-label="Order or command"
        aria-expanded={options.length > 0}
        aria-controls={OPTIONS_ID}
        aria-autocomplete="list"
        {...(chosen === undefined ? {} : { 'aria-activedescendant': optionId(chosen) })}
        placeholder={open ? 'b 0.5 sol bid-1 post' : 'Order or command'}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={line.text}
        onChange={(event) => {
          write(event.target.value);
          setCaret(event.target.selectionStart ?? event.target.value.length);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
        onBlur={() => onOpen(false)}
      />
      {open && (
        <div className="drop">
          <LinePreview
            text={line.text}
            meaning={line.meaning}
            verdict={verdict}
            blocked={line.blocked}
            sent={line.sent}
            item={item}
            plan={plan}
          />
          {options.length > 0 && <LineOptions options={options} chosen={chosen} onTake={take} />}
          <Foot sends={item === undefined ? line.blocked === undefined : plan?.kind === 'send'}>
            {item !== undefined && plan === undefined ? 'do it' : 'send'}
          </Foot>
        </div>
      )}
    </>
  );
}

function Foot({
  sends,
  children,
}: {
  readonly sends: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="foot">
      <span className={sends ? 'send' : ''}>
        <kbd>Enter</kbd>
        {children}
      </span>
      <span>
        <kbd>Tab</kbd>complete
      </span>
      <span>
        <kbd>{'\u2191'}</kbd>
        <kbd>{'\u2193'}</kbd>choose
      </span>
      <span>
        <kbd>Esc</kbd>close, nothing sent
      </span>
      <span className="spacer">b or s, quantity, instrument, price; or &gt; command</span>
    </div>
  );
}

function isCompletion(
  option: LineOption,
): option is Extract<LineOption, { readonly kind: 'completion' }> {
  return option.kind === 'completion';
}

/** A line that reads as an order stays one: nothing else is offered under it. */
function optionsOf(
  line: ReturnType<typeof useLine>,
  palette: ReturnType<typeof usePalette>,
  caret: number,
): readonly LineOption[] {
  const completions = line
    .suggest(caret)
    .slice(0, MOST_COMPLETIONS)
    .map((suggestion): LineOption => ({ kind: 'completion', suggestion }));
  if (line.meaning.kind === 'command') return completions;
  const found = palette.find(line.text).map((each): LineOption => ({ kind: 'item', found: each }));
  return line.text === '' ? [...found, ...completions] : [...completions, ...found];
}

/** Where the row is that the arrow keys chose, by what it is: the list may have changed under it. */
function placeOf(key: string, options: readonly LineOption[]): number | undefined {
  const place = options.findIndex((option) => optionKey(option) === key);
  return place < 0 ? undefined : place;
}

/** What is chosen before an arrow key was pressed: never what Enter would send without having been looked for. */
function firstChoice(text: string, options: readonly LineOption[]): number | undefined {
  const first = options[0];
  if (first === undefined || text === '') return undefined;
  return first.kind === 'item' && first.found.item.plan !== undefined ? undefined : 0;
}
