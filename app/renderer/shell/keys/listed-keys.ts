import type { BindingsState } from '../../commands/bindings.ts';
import type { DeskCommand } from '../../commands/command-registry.ts';
import { fuzzyMatch } from '../../commands/fuzzy.ts';
import { isLive, whereOf } from '../../commands/key-map.ts';

/** A key of a command as it is listed. */
export interface ListedKey {
  readonly chord: string;
  /** Pressing it shows what it would send, and sends nothing. */
  readonly dry: boolean;
}

/** A command with its keys as they are listed. */
export interface ListedCommand {
  readonly command: DeskCommand;
  readonly keys: readonly ListedKey[];
}

/** The commands of one scope. */
export interface ListedScope {
  readonly scope: string;
  readonly title: string;
  readonly commands: readonly ListedCommand[];
}

/** The commands that a search finds by name, place or key, by where they work. */
export function listedKeys(state: BindingsState, query: string): readonly ListedScope[] {
  const scopes = new Map<string, ListedCommand[]>();
  for (const command of state.commands) {
    const chords = state.chords.get(command.id) ?? [];
    const words = `${command.title} ${whereOf(command)} ${chords.join(' ')}`;
    if (fuzzyMatch(query, words) === undefined) continue;
    const keys = chords.map((chord) => ({ chord, dry: !isLive(command, chord, state.map) }));
    scopes.set(command.scope, [...(scopes.get(command.scope) ?? []), { command, keys }]);
  }
  return [...scopes].map(([scope, commands]) => {
    const where = whereOf({ scope });
    return { scope, title: where.charAt(0).toUpperCase() + where.slice(1), commands };
  });
}
