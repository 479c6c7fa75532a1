/** Names of optional dependencies without an entry, each with the entry it should have. */
export function missingEntries(packages: unknown): Readonly<Record<string, unknown>>;
