import { useRef, useState, type ReactNode } from 'react';
import { saveFile } from '../../ui/save-file.ts';

/** Gives a key map to the browser as a file, and takes one; what is wrong with a file stands beside. */
export function KeyFiles({
  text,
  onText,
}: {
  readonly text: () => string;
  /** Takes a file's text; gives what is wrong with it. */
  readonly onText: (text: string) => string | undefined;
}): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState<string>();
  const take = async (file: File | undefined): Promise<void> => {
    if (file !== undefined) setWrong(onText(await file.text()));
  };
  return (
    <>
      {wrong !== undefined && (
        <span className="warn wrong" role="alert">
          Not imported: {wrong}
        </span>
      )}
      <button type="button" className="btn spacer" onClick={() => field.current?.click()}>
        Import
      </button>
      <input
        ref={field}
        type="file"
        accept=".json,application/json"
        className="visually-hidden"
        tabIndex={-1}
        aria-label="Key map file"
        onChange={(event) => {
          void take(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      <button type="button" className="btn" onClick={() => save(text())}>
        Export
      </button>
    </>
  );
}

function save(text: string): void {
  saveFile('quarterdeck-keys.json', 'application/json', text);
}
