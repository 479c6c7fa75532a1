import { Component, type ReactNode } from 'react';
import { Say } from './controls.tsx';

/** Keeps one panel's failure from taking the desk with it. */
export class PanelError extends Component<
  { readonly name: string; readonly children: ReactNode },
  { readonly failure: string | undefined }
> {
  override state: { readonly failure: string | undefined } = { failure: undefined };

  static getDerivedStateFromError(error: unknown): { readonly failure: string } {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.failure === undefined) return this.props.children;
    return (
      <Say
        icon="warn"
        title={`${this.props.name} stopped`}
        text={`Orders, positions and the other panels are not affected. ${this.state.failure}`}
      >
        <button
          type="button"
          className="btn sm primary"
          onClick={() => this.setState({ failure: undefined })}
        >
          Reload panel
        </button>
      </Say>
    );
  }
}
