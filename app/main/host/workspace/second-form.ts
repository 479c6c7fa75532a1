import { USUAL_ITEMS, WORKSPACE_FORM } from '../../../engine/api/workspace.ts';

/** The form before today's: links did not say what is linked, groups kept their instrument alone. */
export const SECOND_FORM = 2;

type Json = Readonly<Record<string, unknown>>;

/** A document of the second form in today's; what else is wrong with it is left to the schema. */
export function documentFromSecond(document: Json): Json {
  return { ...document, form: WORKSPACE_FORM, workspaces: each(document['workspaces'], workspace) };
}

/** A workspace file of the second form in today's. */
export function workspaceFileFromSecond(file: Json): Json {
  const { workspace: given } = file;
  const taken = isRecord(given) ? workspace(given) : given;
  return { ...file, form: WORKSPACE_FORM, workspace: taken };
}

/** The text of a recovery copy, of the second form or today's, in today's; other text as it is. */
export function copyFromSecond(text: string): string {
  const json = jsonOf(text);
  const document = isRecord(json) ? json['document'] : undefined;
  if (!isRecord(json) || !isRecord(document) || document['form'] !== SECOND_FORM) return text;
  return textOf({ ...json, document: documentFromSecond(document) }, text);
}

/** JSON text of a value, `otherwise` when it is nested deeper than the stack. */
export function textOf(value: Json, otherwise: string): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return otherwise;
    throw error;
  }
}

/** Any JSON text; undefined for other text. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function workspace(one: Json): Json {
  const { windows, saved, groups } = one;
  return {
    ...one,
    windows: each(windows, deskWindow),
    saved: isRecord(saved) ? { ...saved, windows: each(saved['windows'], deskWindow) } : saved,
    groups: isRecord(groups)
      ? Object.fromEntries(
          Object.entries(groups).map(([group, instrument]) => [group, { instrument }]),
        )
      : groups,
  };
}

function deskWindow(one: Json): Json {
  return { ...one, panels: each(one['panels'], panel) };
}

function panel(one: Json): Json {
  const { link } = one;
  return isRecord(link) ? { ...one, link: { ...link, what: [...USUAL_ITEMS] } } : one;
}

function each(list: unknown, change: (one: Json) => Json): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((one: unknown) => (isRecord(one) ? change(one) : one));
}
