/** Gives text or bytes to the person as a file of that name. */
export function saveFile(name: string, type: string, content: string | Blob): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** The time now as it stands in a file's name: `2026-11-20T184207`, UTC. */
export function fileTime(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(':', '');
}
