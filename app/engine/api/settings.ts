import { z } from 'zod';

/** A setting's value, as its file has it. */
export const settingValueSchema = z.union([
  z.boolean(),
  z.number(),
  z.string().max(1000),
  z.array(z.string().max(100)).max(1000),
]);

/** A setting as a person sees and changes it. */
export const settingSchema = z.strictObject({
  /** `section.name`, as in the file. */
  key: z.string(),
  section: z.string(),
  title: z.string(),
  help: z.string(),
  unit: z.string().exactOptional(),
  /** `now`: as soon as it is saved. `window`: in windows opened from then on. `start`: from the next start of the engine. */
  acts: z.enum(['now', 'window', 'start']),
  type: z.enum(['choice', 'switch', 'number', 'text', 'list']),
  choices: z.array(z.string()).exactOptional(),
  least: z.number().exactOptional(),
  most: z.number().exactOptional(),
  value: settingValueSchema,
  default: settingValueSchema,
});

/** Something wrong in the settings file; the key keeps its last good value. */
export const settingsProblemSchema = z.strictObject({
  line: z.number(),
  key: z.string(),
  message: z.string(),
});

/** Every setting, and what is wrong in its file. */
export const settingsStateSchema = z.strictObject({
  settings: z.array(settingSchema),
  problems: z.array(settingsProblemSchema),
});

export type Setting = z.infer<typeof settingSchema>;
export type SettingsState = z.infer<typeof settingsStateSchema>;
