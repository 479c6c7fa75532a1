import { z } from 'zod';
import { deskWindowSchema } from './workspace.ts';

/** The services that a page opens channels to. */
export const serviceSchema = z.enum(['feed', 'trade', 'host']);

/** A command of the desk as a menu shows it. */
export const menuCommandSchema = z.strictObject({
  id: z.string().max(120),
  title: z.string().max(120),
  /** As `chordOf` names it; shown, never bound: keys stay with the page. */
  key: z.string().max(40).exactOptional(),
});

const MOST_COMMANDS = 1000;

/** What a page asks of main. */
export const desktopRequestSchema = z.discriminatedUnion('type', [
  /** Shows a window of the workspace in a window of its own. */
  z.strictObject({ type: z.literal('OpenWindow'), window: deskWindowSchema.shape.id }),
  z.strictObject({ type: z.literal('CloseWindow') }),
  /** For when nobody looks at the desk; what several windows tell alike is told once. */
  z.strictObject({
    type: z.literal('Notify'),
    title: z.string().max(200),
    text: z.string().max(1000),
  }),
  /** The commands there are now, none of which sends an order. */
  z.strictObject({
    type: z.literal('SetMenu'),
    commands: z.array(menuCommandSchema).max(MOST_COMMANDS),
  }),
]);

/** What main tells a page. */
export const desktopMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('MenuChosen'), command: z.string() }),
]);

export type MenuCommand = z.infer<typeof menuCommandSchema>;
export type DesktopRequest = z.infer<typeof desktopRequestSchema>;
export type DesktopMessage = z.infer<typeof desktopMessageSchema>;
