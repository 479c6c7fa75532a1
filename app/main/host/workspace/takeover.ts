import { err, ok, type Result } from '../../../engine/base/result.ts';
import {
  deskDocumentSchema,
  WORKSPACE_FORM,
  type DeskDocument,
  type LayoutNode,
  type Panel,
} from '../../../engine/api/workspace.ts';
import { usualLink, starterWorkspace, STARTER_NAMES } from './starters.ts';

/** Why a document of the first form is not taken over. */
export interface TakeoverError {
  readonly code: 'WORKSPACE_NOT_READ';
  readonly message: string;
}

/** Most nesting that is looked at. */
const MOST_DEPTH = 24;
const TYPE = /^[a-z][a-z0-9-]{0,39}$/;

/** A document of the first form (one dock as golden-layout writes it, the ticket's part beside it) in today's form. */
export function takenOver(
  document: unknown,
  newId: () => string,
): Result<DeskDocument, TakeoverError> {
  if (!isRecord(document)) return notRead('expected an object');
  const { form, layout, ...others } = document;
  const fresh = starterWorkspace('scalper', false, STARTER_NAMES.scalper, newId);
  const workspace =
    form === undefined && layout === undefined ? fresh : withLayout(fresh, layout, newId);
  if (workspace === undefined) return notRead('expected a layout of form 1');
  const parts = Object.entries(others).filter(([name]) => TYPE.test(name));
  // What is written must be readable at the next start.
  const taken = deskDocumentSchema.safeParse({
    form: WORKSPACE_FORM,
    active: workspace.id,
    workspaces: [workspace],
    parts: Object.fromEntries(parts),
  });
  return taken.success ? ok(taken.data) : notRead('expected no more than a desk holds');
}

function withLayout(
  workspace: DeskDocument['workspaces'][number],
  layout: unknown,
  newId: () => string,
): DeskDocument['workspaces'][number] | undefined {
  const panels: Panel[] = [];
  const root = isRecord(layout) ? nodeOf(layout['root'], panels, newId, MOST_DEPTH) : undefined;
  const [window] = workspace.windows;
  if (root === undefined || window === undefined) return undefined;
  return { ...workspace, name: 'Desk', windows: [{ ...window, layout: root, panels }] };
}

function nodeOf(
  item: unknown,
  panels: Panel[],
  newId: () => string,
  depth: number,
): LayoutNode | undefined {
  if (!isRecord(item) || depth === 0) return undefined;
  const { type, componentType } = item;
  const size = { share: shareOf(item['size']) };
  if (type === 'component') {
    if (typeof componentType !== 'string' || !TYPE.test(componentType)) return undefined;
    const id = newId();
    panels.push({ id, type: componentType, link: usualLink(componentType), state: null });
    return { kind: 'stack', ...size, panels: [id], active: 0 };
  }
  const content: readonly unknown[] = Array.isArray(item['content']) ? item['content'] : [];
  const children = content.flatMap((child) => nodeOf(child, panels, newId, depth - 1) ?? []);
  if (children.length === 0) return undefined;
  if (type === 'stack') {
    const ids = children.flatMap(panelsOf);
    const active = Math.min(Number(item['activeItemIndex'] ?? 0) || 0, ids.length - 1);
    return { kind: 'stack', ...size, panels: ids, active: Math.max(0, Math.trunc(active)) };
  }
  if (type !== 'row' && type !== 'column') return undefined;
  return { kind: type, ...size, children };
}

function panelsOf(node: LayoutNode): readonly string[] {
  return node.kind === 'stack' ? node.panels : node.children.flatMap(panelsOf);
}

/** Sizes were written as `12.5%` or `1fr`. */
function shareOf(size: unknown): number {
  const share =
    typeof size === 'string' ? Number(/^(\d+(?:\.\d+)?)(?:%|fr)$/.exec(size)?.[1]) : NaN;
  return share > 0 && share < 1e6 ? share : 1;
}

function notRead(message: string): Result<never, TakeoverError> {
  return err({ code: 'WORKSPACE_NOT_READ', message });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
