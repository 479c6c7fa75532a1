import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { err, ok, type Result } from '../../../engine/base/result.ts';
import { present } from '../../../engine/base/invariant.ts';
import { encodeMessage } from '../../../engine/api/codec.ts';
import {
  deskFileSchema,
  WORKSPACE_FORM,
  type DeskDocument,
  type DeskWindow,
  type GroupChoice,
  type LinkGroupNumber,
  type Workspace,
} from '../../../engine/api/workspace.ts';
import type { RecoveryCopy, WorkspaceChange } from '../../../engine/api/workspace-changes.ts';
import { activeOf, applyChange, copyOf, freeName, withWorkspace } from './apply-change.ts';
import { sameButFronts } from './layout-tree.ts';
import { RecoveryCopies } from './recovery-copies.ts';
import type { Changed, ChangeRefusal } from './refusals.ts';
import { starterWorkspace, STARTER_NAMES } from './starters.ts';
import {
  readDocument,
  readWorkspaceFile,
  type ReadDocument,
  type WorkspaceFileError,
} from './workspace-file.ts';

/** Why a change was not made. */
export interface StoreRefusal {
  readonly code:
    | ChangeRefusal['code']
    | WorkspaceFileError['code']
    | 'WORKSPACE_COPY_GONE'
    | 'WORKSPACE_NO_UNDO';
  readonly message: string;
}

/** Something that the person must be told of the file. */
export interface StoreProblem {
  readonly code: WorkspaceFileError['code'] | 'WORKSPACE_UNWRITABLE';
  readonly message: string;
}

/** A change is on disk after this; further ones meanwhile go with it. */
const WRITE_AFTER_MS = 500;
/** A disk that refused is tried again after this. */
const WRITE_AGAIN_AFTER_MS = 5000;
/** A copy is made before a change when the newest is older than this. */
const COPY_EVERY_MICROS = 30 * 60 * 1_000_000;
const MOST_UNDO = 20;

/** Acts that throw something away: a copy is made first, under these words. */
const COPIED_BEFORE: Readonly<Partial<Record<WorkspaceChange['type'], string>>> = {
  Reset: 'before a reset',
  Revert: 'before going back to the save',
  Delete: 'before a workspace was deleted',
  RestoreCopy: 'before a copy was restored',
  MergeWindow: 'before a window was ended',
  ClosePanel: 'before a panel was closed',
};
/** What undo takes back. */
const UNDONE: ReadonlySet<WorkspaceChange['type']> = new Set([
  'SetLayout',
  'AddPanel',
  'ClosePanel',
  'MovePanel',
  'MergeWindow',
  'Revert',
  'Reset',
]);
/** What every window must load anew, whatever it shows. */
const LOADED: ReadonlySet<WorkspaceChange['type']> = new Set([
  'Revert',
  'Reset',
  'RestoreCopy',
  'Undo',
]);

/** The workspaces of a data folder: one document with revisions, on disk soon after each change, with dated copies. */
export class WorkspaceStore implements Disposable {
  readonly #file: string;
  readonly #now: () => number;
  readonly #newId: () => string;
  readonly #copies: RecoveryCopies;
  #onProblem: () => void = () => undefined;
  #document: DeskDocument | undefined;
  #revision: number;
  #loads = 1;
  /** `loads` since which the panels are those of the document. */
  #loadedAt = 1;
  /** What was shown before each change that can be taken back. */
  #undo: readonly Workspace[] = [];
  #timer: NodeJS.Timeout | undefined;
  #problem: StoreProblem | undefined;

  constructor(options: {
    readonly dataFolder: string;
    /** UnixMicros. */
    readonly now: () => number;
    readonly newId: () => string;
  }) {
    this.#file = join(options.dataFolder, 'workspace.json');
    this.#now = options.now;
    this.#newId = options.newId;
    this.#copies = new RecoveryCopies(options.dataFolder);
    const loaded = this.#load();
    this.#document = loaded.document && withoutEmptyWindows(loaded.document);
    this.#revision = loaded.revision;
    if (loaded.older !== undefined && this.#document !== undefined) this.#write();
    if (this.#document !== undefined) this.#copy(this.#document, 'at the start');
  }

  /** Calls back when there is a new `problem`. */
  onProblem(callback: () => void): void {
    this.#onProblem = callback;
  }

  /** Makes the first workspace when there is none; `narrow` is the window that asks. */
  open(narrow: boolean): void {
    if (this.#document !== undefined) return;
    const first = starterWorkspace('scalper', narrow, STARTER_NAMES.scalper, this.#newId);
    this.#document = {
      form: WORKSPACE_FORM,
      active: first.id,
      workspaces: [first],
      parts: {},
    };
    this.#changed();
  }

  /** The newest document; there must be one. */
  get document(): DeskDocument {
    return present(this.#document, 'workspace document');
  }

  /** The workspace that is shown. */
  get active(): Workspace {
    return activeOf(this.document);
  }

  get revision(): number {
    return this.#revision;
  }

  /** Changes whenever every window must load its part anew and nobody may stay armed. */
  get loads(): number {
    return this.#loads;
  }

  /** What is wrong with the file; undefined when it was read, or is written again. */
  get problem(): StoreProblem | undefined {
    return this.#problem;
  }

  /** What can be restored, newest first. */
  get copies(): readonly RecoveryCopy[] {
    return this.#copies.list();
  }

  /** Makes a change, or says why not. */
  change(change: WorkspaceChange): Result<undefined, StoreRefusal> {
    const before = this.document;
    // Told just before the window heard of a reset: how the panels stood that are gone.
    if (change.type === 'SetLayout' && change.loads < this.#loadedAt) return ok(undefined);
    const outcome = this.#apply(before, change);
    if (!outcome.ok) return outcome;
    const after = outcome.value;
    if (after === before) return ok(undefined);
    this.#keep(before, after, change);
    this.#document = after;
    if (LOADED.has(change.type) || before.active !== after.active) this.#loads += 1;
    if (LOADED.has(change.type)) this.#loadedAt = this.#loads;
    this.#changed();
    return ok(undefined);
  }

  /** Keeps what was chosen in a link group of the workspace that is shown; what is not named is as before, a null account is every one. */
  setGroup(
    group: LinkGroupNumber,
    {
      instrument,
      account,
      interval,
    }: { readonly [Item in keyof GroupChoice]: GroupChoice[Item] | null },
  ): void {
    const { active, document } = this;
    const before = active.groups[`${group}`] ?? {};
    const { account: accountBefore, ...others } = before;
    const kept = account === undefined ? accountBefore : account;
    const after: GroupChoice = {
      ...others,
      ...(instrument && { instrument }),
      ...(kept && { account: kept }),
      ...(interval && { interval }),
    };
    if (isDeepStrictEqual(after, before)) return;
    const next = { ...active, groups: { ...active.groups, [group]: after } };
    const workspaces = document.workspaces.map((one) => (one === active ? next : one));
    this.#document = { ...document, workspaces };
    this.#changed();
  }

  /** Writes what is not on disk yet. */
  [Symbol.dispose](): void {
    if (this.#timer !== undefined) this.#write();
  }

  #apply(document: DeskDocument, change: WorkspaceChange): Result<DeskDocument, StoreRefusal> {
    switch (change.type) {
      case 'Import':
        return this.#imported(document, change.text);
      case 'RestoreCopy': {
        const copy = this.#copies.document(change.copy);
        if (copy !== undefined) return ok({ ...copy, parts: document.parts });
        return err({ code: 'WORKSPACE_COPY_GONE', message: 'this copy is gone: choose another' });
      }
      case 'Undo': {
        const last = this.#undo.at(-1);
        if (last === undefined) {
          return err({ code: 'WORKSPACE_NO_UNDO', message: 'there is no change to take back' });
        }
        return ok(withBack(document, last));
      }
      default:
        return applyChange(document, change, { newId: this.#newId, now: this.#now() });
    }
  }

  #imported(document: DeskDocument, text: string): Result<DeskDocument, StoreRefusal> {
    const read = readWorkspaceFile(text);
    if (!read.ok) return read;
    const workspace = copyOf(read.value, this.#newId);
    const named = { ...workspace, name: freeName(document, workspace.name) };
    return withWorkspace(document, named) satisfies Changed<DeskDocument>;
  }

  #keep(before: DeskDocument, after: DeskDocument, change: WorkspaceChange): void {
    if (change.type === 'Undo') this.#undo = this.#undo.slice(0, -1);
    else if (UNDONE.has(change.type)) {
      if (!onlyFronts(before, after, change)) {
        this.#undo = [...this.#undo, activeOf(before)].slice(-MOST_UNDO);
      }
    }
    // Another workspace, or another document: what was undone there is not undone here.
    else if (before.active !== after.active || change.type === 'RestoreCopy') this.#undo = [];
    const reason = COPIED_BEFORE[change.type];
    const newest = this.#copies.newestAt ?? 0;
    if (reason !== undefined) this.#copy(before, reason);
    else if (this.#now() - newest > COPY_EVERY_MICROS) this.#copy(before, 'while working');
    if (change.type === 'Save') this.#copy(after, `saved ${activeOf(after).name}`);
  }

  #copy(document: DeskDocument, reason: string): void {
    try {
      this.#copies.add(document, this.#now(), reason);
    } catch (error) {
      this.#unwritable(error, 'no copy of the workspaces was made');
    }
  }

  #changed(): void {
    this.#revision += 1;
    this.#timer ??= setTimeout(() => this.#write(), WRITE_AFTER_MS).unref();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const beside = `${this.#file}.new`;
    const file = { revision: this.#revision, document: this.document };
    try {
      writeFileSync(beside, encodeMessage(deskFileSchema, file), { mode: 0o600 });
      renameSync(beside, this.#file);
    } catch (error) {
      this.#unwritable(error, 'the workspaces are not saved');
      this.#timer = setTimeout(() => this.#write(), WRITE_AGAIN_AFTER_MS).unref();
      return;
    }
    if (this.#problem?.code === 'WORKSPACE_UNWRITABLE') this.#problem = undefined;
  }

  #unwritable(error: unknown, what: string): void {
    const why = error instanceof Error ? error.message : String(error);
    const problem: StoreProblem = { code: 'WORKSPACE_UNWRITABLE', message: `${what}: ${why}` };
    const known = this.#problem?.message === problem.message;
    this.#problem = problem;
    if (!known) this.#onProblem();
  }

  /** A missing file is a first start; one that is not used is set aside, never deleted. */
  #load(): ReadDocument {
    const empty = { revision: 0, document: undefined, older: undefined };
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch {
      return empty;
    }
    const read = readDocument(text, this.#newId);
    if (!read.ok) {
      const suffix = read.error.code === 'WORKSPACE_NEWER' ? 'newer' : 'damaged';
      const kept = setAside(this.#file, suffix);
      const { code, message } = read.error;
      this.#problem = {
        code,
        message: `It is kept as ${kept}; the desk starts with the default. Why: ${message}`,
      };
      return empty;
    }
    const { older } = read.value;
    if (older !== undefined) setAside(this.#file, `form-${older}`);
    return read.value;
  }
}

/** Windows that hold nothing and that nobody can have open yet; one is always left. */
function withoutEmptyWindows(document: DeskDocument): DeskDocument {
  const workspaces = document.workspaces.map((workspace) => {
    const windows = workspace.windows.filter(({ panels }) => panels.length > 0);
    return { ...workspace, windows: windows.length > 0 ? windows : workspace.windows.slice(0, 1) };
  });
  return { ...document, workspaces };
}

/** True when a change only brought other tabs to the front. */
function onlyFronts(before: DeskDocument, after: DeskDocument, change: WorkspaceChange): boolean {
  if (change.type !== 'SetLayout') return false;
  const layoutIn = (document: DeskDocument): DeskWindow['layout'] =>
    activeOf(document).windows.find(({ id }) => id === change.window)?.layout ?? null;
  return sameButFronts(layoutIn(before), layoutIn(after));
}

/** The document with a workspace's panels where they were; what panels keep and how they are linked stays as it is now. */
function withBack(document: DeskDocument, past: Workspace): DeskDocument {
  const workspaces = document.workspaces.map((now) => {
    if (now.id !== past.id) return now;
    const panels = new Map(
      now.windows.flatMap((one) => one.panels.map((panel) => [panel.id, panel])),
    );
    const windows = past.windows.map((window) => ({
      ...window,
      ...windowNow(now, window.id),
      panels: window.panels.map((panel) => panels.get(panel.id) ?? panel),
    }));
    const ids = new Set(windows.map(({ id }) => id));
    const later = now.windows
      .filter(({ id }) => !ids.has(id))
      .map((window) => ({ ...window, layout: null, panels: [] }));
    return { ...now, windows: [...windows, ...later] };
  });
  return { ...document, workspaces };
}

function windowNow(
  workspace: Workspace,
  id: string,
): Partial<Pick<DeskWindow, 'title' | 'bounds'>> {
  const window = workspace.windows.find((one) => one.id === id);
  return window === undefined ? {} : { title: window.title, bounds: window.bounds };
}

/** Renames a file to a free name beside it; gives that name. */
function setAside(file: string, suffix: string): string {
  let aside = `${file}.${suffix}`;
  for (let count = 2; existsSync(aside); count += 1) aside = `${file}.${suffix}-${count}`;
  renameSync(file, aside);
  return basename(aside);
}
