/** What the exits of a bracket are typed as. */
export const EXIT_UNITS = ['price', 'ticks', 'percent'] as const;
export type ExitUnit = (typeof EXIT_UNITS)[number];

/** A bracket under a name: distances from the entry as typed, '' for an exit it lacks. */
export interface BracketTemplate {
  readonly name: string;
  readonly unit: 'ticks' | 'percent';
  readonly takeProfit: string;
  readonly stopLoss: string;
}

/** How a person has set up the ticket; kept in the workspace document. */
export interface TicketPreferences {
  /** The second section is open. */
  readonly more: boolean;
  readonly templates: readonly BracketTemplate[];
}

/** Templates kept, and characters of a template's name. */
export const MOST_TEMPLATES = 8;
export const LONGEST_TEMPLATE_NAME = 16;

const DISTANCE = /^(?:\d{1,15}(?:\.\d{1,15})?)?$/;

/** The ticket's part of the desk's document; what is missing or damaged in it is as on a new desk. */
export function ticketPreferencesOf(part: unknown): TicketPreferences {
  if (!isRecord(part)) return { more: false, templates: [] };
  const listed: readonly unknown[] = Array.isArray(part['templates']) ? part['templates'] : [];
  const templates = listed.filter(isTemplate).slice(0, MOST_TEMPLATES);
  return { more: part['more'] === true, templates };
}

/** The templates with one added or, under the same name, replaced; the oldest goes when there are too many. */
export function withTemplate(
  templates: readonly BracketTemplate[],
  template: BracketTemplate,
): readonly BracketTemplate[] {
  const others = templates.filter(({ name }) => name !== template.name);
  return [...others, template].slice(-MOST_TEMPLATES);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTemplate(value: unknown): value is BracketTemplate {
  if (!isRecord(value)) return false;
  const { name, unit, takeProfit, stopLoss } = value;
  return (
    typeof name === 'string' &&
    name.length > 0 &&
    name.length <= LONGEST_TEMPLATE_NAME &&
    (unit === 'ticks' || unit === 'percent') &&
    [takeProfit, stopLoss].every((exit) => typeof exit === 'string' && DISTANCE.test(exit))
  );
}
