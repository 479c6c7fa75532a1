import { z } from 'zod';
import { INTERVALS } from '../domain/market.ts';

/** Version of the document's form; files carry it. */
export const WORKSPACE_FORM = 3;

/** How many of each a document may hold: far beyond any desk, so that a broken file is told from a large one. */
export const MOST_WORKSPACES = 64;
export const MOST_WINDOWS = 32;
export const MOST_PANELS = 200;
/** Characters of a workspace's or window's name. */
export const LONGEST_NAME = 40;
/** Nesting of rows and columns. */
const MOST_DEPTH = 24;
/** Characters of what a panel keeps for itself, as JSON. */
const MOST_STATE_CHARACTERS = 16_384;
/** The same of a part of the desk's document: a key map is the largest. */
const MOST_PART_CHARACTERS = 262_144;

const idSchema = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/);
export const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(LONGEST_NAME)
  .refine((name) => !/\p{Cc}/u.test(name), 'expected a name without control characters');

/** Link groups: colours with a number. */
export const LINK_GROUPS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
export const LINK_ROLES = ['both', 'source', 'destination'] as const;
export const linkGroupSchema = z.literal(LINK_GROUPS);

/** What can be linked: the instrument with the chosen order, the account, the interval of bars, the time that is looked at. */
export const LINK_ITEMS = ['instrument', 'account', 'interval', 'time'] as const;
/** What is linked where nobody chose otherwise: charts of one group usually differ in interval and place. */
export const USUAL_ITEMS: readonly LinkItem[] = ['instrument', 'account'];

/** How a panel is linked: a source tells its group what was chosen in it, a destination follows the group, both in `what` is linked; null is not linked. */
export const linkSchema = z
  .strictObject({
    group: linkGroupSchema,
    role: z.literal(LINK_ROLES),
    what: z.array(z.literal(LINK_ITEMS)).max(LINK_ITEMS.length),
  })
  .nullable();

/** What a link group shares and keeps; without an account it is of every account. */
export const groupChoiceSchema = z.strictObject({
  instrument: z.string().max(80).exactOptional(),
  account: z.string().max(80).exactOptional(),
  interval: z.enum(INTERVALS).exactOptional(),
});

/** What a panel keeps for itself; its type alone knows what is in it. */
export const panelStateSchema = jsonOfAtMost(MOST_STATE_CHARACTERS);
/** What the desk keeps under a name; who keeps it knows what is in it. */
export const partSchema = jsonOfAtMost(MOST_PART_CHARACTERS);

function jsonOfAtMost(characters: number): z.ZodType<z.core.util.JSONType> {
  return z
    .json()
    .refine(
      (value) => JSON.stringify(value).length <= characters,
      `expected at most ${characters} characters`,
    );
}

/** A docked panel. Its type may be one that this version does not have: it is kept. */
export const panelSchema = z.strictObject({
  id: idSchema,
  type: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  link: linkSchema,
  state: panelStateSchema,
});

/** Part of its row or column: `px` where a panel's columns decide, the others share the rest. */
const sizeSchema = {
  share: z.number().positive().max(1e6),
  px: z.number().positive().max(1e5).exactOptional(),
};

const stackSchema = z.strictObject({
  kind: z.literal('stack'),
  ...sizeSchema,
  panels: z.array(idSchema).min(1).max(MOST_PANELS),
  /** Index of the panel in front. */
  active: z.int().min(0).max(MOST_PANELS),
});

/** Panels as tabs of one place. */
export type StackNode = z.infer<typeof stackSchema>;
/** Rows and columns down to stacks. */
export type LayoutNode = StackNode | SplitNode;
/** Places beside or above each other. */
export interface SplitNode {
  readonly kind: 'row' | 'column';
  readonly share: number;
  readonly px?: number;
  readonly children: readonly LayoutNode[];
}

/** A layout of at most `depth` further levels: a schema of fixed depth refuses what would overflow the stack. */
function layoutOfDepth(depth: number): z.ZodType<LayoutNode> {
  if (depth === 0) return stackSchema;
  const split = z.strictObject({
    kind: z.enum(['row', 'column']),
    ...sizeSchema,
    children: z
      .array(z.lazy(() => layoutOfDepth(depth - 1)))
      .min(1)
      .max(MOST_PANELS),
  });
  return z.discriminatedUnion('kind', [stackSchema, split]) as z.ZodType<LayoutNode>;
}

/** How the panels of a window stand. */
export const layoutSchema = layoutOfDepth(MOST_DEPTH);

const pixelSchema = z.int().min(-200_000).max(200_000);
const extentSchema = z.int().min(1).max(100_000);

/** A rectangle of the desktop in CSS pixels. */
const rectangleSchema = {
  left: pixelSchema,
  top: pixelSchema,
  width: extentSchema,
  height: extentSchema,
};

/** Where a window stood, and the display it stood on, by which it is found again. */
export const boundsSchema = z.strictObject({
  ...rectangleSchema,
  /** It filled the screen; the rectangle is what it goes back to. */
  filling: z.enum(['maximized', 'fullscreen']).exactOptional(),
  display: z.strictObject({
    ...rectangleSchema,
    scale: z.number().positive().max(16),
    /** As the system numbers it; a browser is not told. */
    id: z.string().max(64).exactOptional(),
    /** What the monitor calls itself. */
    label: z.string().max(128).exactOptional(),
  }),
});

/** One window of a workspace with its panels; `layout` is null only when it has none. */
export const deskWindowSchema = z.strictObject({
  id: idSchema,
  title: nameSchema,
  bounds: boundsSchema.nullable(),
  layout: layoutSchema.nullable(),
  panels: z.array(panelSchema).max(MOST_PANELS),
});

/** Windows as they were saved by name. */
const savedSchema = z.strictObject({
  at: z.int().nonnegative(),
  windows: z.array(deskWindowSchema).min(1).max(MOST_WINDOWS),
});

export const STARTERS = [
  'scalper',
  'swing',
  'market-maker',
  'researcher',
  'risk-officer',
  'laptop',
] as const;

/** A named set of windows. */
export const workspaceSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  /** What reset brings back. */
  starter: z.enum(STARTERS),
  /** Nothing can be moved, added or closed. */
  locked: z.boolean(),
  windows: z.array(deskWindowSchema).min(1).max(MOST_WINDOWS),
  /** The last explicit save. */
  saved: savedSchema.nullable(),
  groups: z.partialRecord(z.enum(['1', '2', '3', '4', '5', '6', '7', '8']), groupChoiceSchema),
});

/** Every workspace of a data folder, and what else the desk keeps. */
export const deskDocumentSchema = z.strictObject({
  form: z.literal(WORKSPACE_FORM),
  /** Id of the workspace that is shown. */
  active: idSchema,
  workspaces: z.array(workspaceSchema).min(1).max(MOST_WORKSPACES),
  /** What belongs to the desk whatever the workspace: the ticket's templates. */
  parts: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/), partSchema),
});

/** The file of a data folder. */
export const deskFileSchema = z.strictObject({
  revision: z.int().nonnegative(),
  document: deskDocumentSchema,
});

/** A workspace as a file that is given away. */
export const workspaceFileSchema = z.strictObject({
  quarterdeck: z.literal('workspace'),
  form: z.literal(WORKSPACE_FORM),
  workspace: workspaceSchema,
});

export type LinkGroupNumber = (typeof LINK_GROUPS)[number];
export type LinkItem = (typeof LINK_ITEMS)[number];
export type GroupChoice = z.infer<typeof groupChoiceSchema>;
export type LinkRole = (typeof LINK_ROLES)[number];
export type PanelLinkSetting = z.infer<typeof linkSchema>;
export type Panel = z.infer<typeof panelSchema>;
export type WindowBounds = z.infer<typeof boundsSchema>;
export type DeskWindow = z.infer<typeof deskWindowSchema>;
export type Starter = (typeof STARTERS)[number];
export type Workspace = z.infer<typeof workspaceSchema>;
export type DeskDocument = z.infer<typeof deskDocumentSchema>;
export type WorkspaceFile = z.infer<typeof workspaceFileSchema>;
