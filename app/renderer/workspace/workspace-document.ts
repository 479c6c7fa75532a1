import { LayoutConfig, type ResolvedLayoutConfig } from 'golden-layout';
import { err, ok, type Result } from '../../engine/base/result.ts';
import { FRAME } from './default-layout.ts';
import { isRecord, panelNames } from './panel-names.ts';

/** Version of the document's form; another one is not restored. */
const FORM = 1;

/** Why a saved layout is not used. */
export interface DocumentError {
  readonly code: 'NOTHING_SAVED' | 'WORKSPACE_UNKNOWN_FORM' | 'WORKSPACE_UNKNOWN_PANEL';
  readonly message: string;
}

/** The dock's parts of a workspace document. */
export interface LayoutDocument {
  readonly [part: string]: Json;
  readonly form: number;
  readonly layout: Json;
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The saved form of a dock. */
export function documentOf(layout: ResolvedLayoutConfig): LayoutDocument {
  const plain = JSON.parse(JSON.stringify(LayoutConfig.fromResolved(layout))) as Json;
  return { form: FORM, layout: plain };
}

/** The dock of a saved document, if every panel in it is known. */
export function layoutOf(
  document: unknown,
  known: ReadonlySet<string>,
): Result<LayoutConfig, DocumentError> {
  const none = isRecord(document) && !('form' in document) && !('layout' in document);
  if (document === null || document === undefined || none) {
    return err({ code: 'NOTHING_SAVED', message: 'no layout was saved yet' });
  }
  if (!isRecord(document) || document['form'] !== FORM || !isRecord(document['layout'])) {
    const message = `expected a layout of form ${FORM}`;
    return err({ code: 'WORKSPACE_UNKNOWN_FORM', message });
  }
  const names = panelNames(document['layout']['root']);
  const unknown = names.find((name) => !known.has(name));
  if (names.length === 0 || unknown !== undefined) {
    const message = `the saved layout names the panel ${String(unknown)}, which does not exist`;
    return err({ code: 'WORKSPACE_UNKNOWN_PANEL', message });
  }
  return ok({ ...(document['layout'] as unknown as LayoutConfig), ...FRAME });
}
