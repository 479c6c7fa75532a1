/** Names of the panels in a layout tree. */
export function panelNames(item: unknown): readonly string[] {
  if (!isRecord(item)) return [];
  const own = typeof item['componentType'] === 'string' ? [item['componentType']] : [];
  const content = Array.isArray(item['content']) ? item['content'] : [];
  return [...own, ...content.flatMap(panelNames)];
}

/** True for a plain object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
