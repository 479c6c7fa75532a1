const KEPT = ['PATH', 'LD_LIBRARY_PATH', 'QD_ADDON', 'SystemRoot', 'TZ'];

/** The environment of the engine's processes: the way to their libraries and no more. Keys and proxies travel by message. */
export function processEnvironment(): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT) {
    const value = process.env[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
