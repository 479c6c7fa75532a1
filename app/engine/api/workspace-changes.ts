import { z } from 'zod';
import {
  boundsSchema,
  deskDocumentSchema,
  deskWindowSchema,
  layoutSchema,
  linkSchema,
  nameSchema,
  panelSchema,
  panelStateSchema,
  partSchema,
  STARTERS,
  workspaceSchema,
} from './workspace.ts';

const workspace = workspaceSchema.shape.id;
const window = deskWindowSchema.shape.id;
const panel = panelSchema.shape.id;
/** Characters of a workspace file that is taken in. */
const MOST_FILE_CHARACTERS = 2_000_000;

/** What a window asks main to do with the workspaces. Windows, panels and layouts without a workspace's id are of the one that is shown. */
export const workspaceChangeSchema = z.discriminatedUnion('type', [
  /** How the panels of a window stand now: panels that are not the window's are left out, its others kept. `loads` is what main had said of the panels that stand so: when it has put others there since, this is not theirs and changes nothing. */
  z.strictObject({
    type: z.literal('SetLayout'),
    workspace,
    window,
    loads: z.number().int().min(0),
    layout: layoutSchema,
  }),
  z.strictObject({ type: z.literal('SetBounds'), workspace, window, bounds: boundsSchema }),
  z.strictObject({ type: z.literal('SetPanelState'), panel, state: panelStateSchema }),
  z.strictObject({ type: z.literal('SetPanelLink'), panel, link: linkSchema }),
  z.strictObject({
    type: z.literal('SetPart'),
    name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
    value: partSchema,
  }),
  /** A further panel, as a tab beside another or where there is room. */
  z.strictObject({
    type: z.literal('AddPanel'),
    window,
    panelType: panelSchema.shape.type,
    link: linkSchema,
    beside: panel.nullable(),
  }),
  z.strictObject({ type: z.literal('ClosePanel'), panel }),
  z.strictObject({ type: z.literal('MovePanel'), panel, window }),
  /** A further, empty window; the one who asks names it. */
  z.strictObject({ type: z.literal('AddWindow'), window }),
  z.strictObject({ type: z.literal('RenameWindow'), window, title: nameSchema }),
  /** Brings the panels of a window into another and ends it. */
  z.strictObject({ type: z.literal('MergeWindow'), window, into: window }),
  z.strictObject({ type: z.literal('Switch'), workspace }),
  z.strictObject({ type: z.literal('Create'), starter: z.enum(STARTERS), narrow: z.boolean() }),
  z.strictObject({ type: z.literal('Save') }),
  z.strictObject({ type: z.literal('SaveAs'), name: nameSchema }),
  /** Back to the last save. */
  z.strictObject({ type: z.literal('Revert') }),
  /** Back to the starter. */
  z.strictObject({ type: z.literal('Reset'), narrow: z.boolean() }),
  z.strictObject({ type: z.literal('Rename'), workspace, name: nameSchema }),
  z.strictObject({ type: z.literal('Delete'), workspace }),
  z.strictObject({ type: z.literal('Lock'), locked: z.boolean() }),
  /** A workspace file's text. */
  z.strictObject({ type: z.literal('Import'), text: z.string().max(MOST_FILE_CHARACTERS) }),
  z.strictObject({ type: z.literal('RestoreCopy'), copy: z.string().max(80) }),
  /** Back to before the last change of what is docked where. */
  z.strictObject({ type: z.literal('Undo') }),
]);

/** A dated copy of every workspace, kept so that nothing is lost by one wrong act. */
export const recoveryCopySchema = z.strictObject({
  id: z.string(),
  /** UnixMicros. */
  at: z.number(),
  /** What it was made before, or for. */
  reason: z.string(),
  workspaces: z.array(z.string()),
});

/** A recovery copy on disk. */
export const copyFileSchema = z.strictObject({
  at: z.int().nonnegative(),
  reason: z.string().max(200),
  document: deskDocumentSchema,
});

export type WorkspaceChange = z.infer<typeof workspaceChangeSchema>;
export type RecoveryCopy = z.infer<typeof recoveryCopySchema>;
