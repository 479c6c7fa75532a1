import { z } from 'zod';
import { settingsSchema, type Settings, type SettingWords } from './schema.ts';

/** A value as JSON has it. */
export type SettingValue = boolean | number | string | string[];

/** A setting as a person sees and changes it: its words, its form and its value. */
export interface SettingDescription extends SettingWords {
  /** `section.name`, as in the file. */
  readonly key: string;
  /** The title of its section. */
  readonly section: string;
  readonly type: 'choice' | 'switch' | 'number' | 'text' | 'list';
  readonly choices?: string[];
  readonly least?: number;
  readonly most?: number;
  readonly value: SettingValue;
  readonly default: SettingValue;
}

const wordsSchema = z.object({
  title: z.string(),
  help: z.string(),
  unit: z.string().exactOptional(),
  acts: z.enum(['now', 'window', 'start']),
}) satisfies z.ZodType<SettingWords>;

const valueSchema = z.union([z.boolean(), z.number(), z.string(), z.array(z.string())]);

/** One setting in the JSON schema of all. */
const formSchema = wordsSchema.extend({
  type: z.enum(['string', 'boolean', 'integer', 'array']),
  enum: z.array(z.string()).exactOptional(),
  minimum: z.number().exactOptional(),
  maximum: z.number().exactOptional(),
  default: valueSchema,
});

const allSchema = z.object({
  properties: z.record(
    z.string(),
    z.object({ title: z.string(), properties: z.record(z.string(), formSchema) }),
  ),
});

const TYPES = { string: 'text', boolean: 'switch', integer: 'number', array: 'list' } as const;

/** Every setting of the schema, in its order, with the value it has. */
export function describeSettings(settings: Settings): readonly SettingDescription[] {
  const { properties } = allSchema.parse(z.toJSONSchema(settingsSchema, { io: 'input' }));
  const values = z.record(z.string(), z.record(z.string(), valueSchema)).parse(settings);
  return Object.entries(properties).flatMap(([section, { title, properties: forms }]) =>
    Object.entries(forms).map(([name, { type, enum: choices, minimum, maximum, ...words }]) => ({
      ...words,
      key: `${section}.${name}`,
      section: title,
      type: choices === undefined ? TYPES[type] : ('choice' as const),
      ...(choices === undefined ? {} : { choices }),
      ...(minimum === undefined ? {} : { least: minimum }),
      ...(maximum === undefined ? {} : { most: maximum }),
      value: values[section]?.[name] ?? words.default,
    })),
  );
}
