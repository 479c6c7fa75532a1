import { Component, useRef, useState, type ErrorInfo, type ReactNode } from 'react';
import { Say } from './controls.tsx';
import { usePassKeyboard } from './keyboard-place.ts';

/** What went wrong in a panel: words for its place, and all of it for a report. */
interface Failure {
  readonly message: string;
  readonly report: string;
}

/** Keeps one panel's failure from taking the desk with it; the panel can be loaded again, and what went wrong copied. */
export class PanelError extends Component<
  { readonly name: string; readonly children: ReactNode },
  { readonly failure: Failure | undefined }
> {
  override state: { readonly failure: Failure | undefined } = { failure: undefined };

  static getDerivedStateFromError(error: unknown): { readonly failure: Failure } {
    const message = error instanceof Error ? error.message : String(error);
    const report = error instanceof Error ? (error.stack ?? message) : message;
    return { failure: { message, report } };
  }

  override componentDidCatch(_error: unknown, { componentStack }: ErrorInfo): void {
    this.setState(({ failure }) => ({
      failure: failure && { ...failure, report: `${failure.report}\n${componentStack ?? ''}` },
    }));
  }

  override render(): ReactNode {
    const { failure } = this.state;
    const { name, children } = this.props;
    if (failure === undefined) return children;
    return (
      <FailedPanel
        name={name}
        failure={failure}
        onReload={() => this.setState({ failure: undefined })}
      />
    );
  }
}

/** The keyboard may be in it; in a low place it scrolls and its buttons stand beside the words. */
function FailedPanel({
  name,
  failure: { message, report },
  onReload,
}: {
  readonly name: string;
  readonly failure: Failure;
  readonly onReload: () => void;
}): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  usePassKeyboard(box);
  const title = `${name} stopped`;
  return (
    <div className="panel failed" ref={box} tabIndex={0} role="group" aria-label={title}>
      <Say
        icon="warn"
        title={title}
        text={`Orders, positions and the other panels are not affected. ${message}`}
      >
        <button type="button" className="btn sm primary" onClick={onReload}>
          Reload panel
        </button>
        <CopyReport name={name} report={report} />
      </Say>
    </div>
  );
}

/** Copies what went wrong; nothing of accounts or orders is in it but what the error itself says. */
function CopyReport({
  name,
  report,
}: {
  readonly name: string;
  readonly report: string;
}): ReactNode {
  const [words, setWords] = useState('Copy report');
  const copy = (): void => {
    const head = `Quarterdeck, panel ${name}, ${new Date().toISOString()}\n${navigator.userAgent}`;
    navigator.clipboard.writeText(`${head}\n${report}`).then(
      () => setWords('Copied'),
      () => setWords('Not copied: the browser refuses the clipboard'),
    );
  };
  return (
    <button type="button" className="btn sm" onClick={copy}>
      {words}
    </button>
  );
}
