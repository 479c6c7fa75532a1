import type { CommandRegistry } from '../commands/command-registry.ts';
import type { Desk } from '../state/desk.tsx';

/** Commands come and go with panels in one go: the menu is told when they have settled. */
const GATHER_MS = 200;

/** Gives the system's menu the commands of this window, and tells of notices while nobody looks; the returned function ends it. */
export function serveDesktop(desk: Desk, registry: CommandRegistry): () => void {
  const { desktop } = desk;
  if (desktop === undefined) return () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => {
    const { commands, chords } = registry.bindings.state;
    desktop.setMenu(
      commands
        .filter(({ order, scope }) => order === false && scope === 'desk')
        .map(({ id, title }) => {
          const [key] = chords.get(id) ?? [];
          return key === undefined ? { id, title } : { id, title, key };
        }),
    );
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(tell, GATHER_MS);
  };
  desktop.onMenu((command) => registry.run(command));
  globalThis.addEventListener('focus', later);
  const endBindings = registry.bindings.subscribe(later);
  const endNotices = desk.notices.raised.add(({ level, title, text }) => {
    if (level !== 'info' && !document.hasFocus()) desktop.notify(title, text);
  });
  later();
  return () => {
    clearTimeout(timer);
    globalThis.removeEventListener('focus', later);
    endBindings();
    endNotices();
  };
}
