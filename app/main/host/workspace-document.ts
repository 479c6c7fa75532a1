import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMessage } from '../../engine/api/codec.ts';
import { workspaceSchema, type WorkspaceDocument } from '../../engine/api/host-service.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';

/** A change that was made on an older revision, is no workspace, or cannot be written. */
export interface WorkspaceRefusal {
  readonly code: 'WORKSPACE_REVISION' | 'WORKSPACE_TOO_DEEP' | 'WORKSPACE_UNWRITABLE';
  readonly message: string;
}

/** Nesting of a document; far beyond any layout. */
const MOST_DEPTH = 64;

/** The one workspace document of a data folder, replaced atomically on disk. */
export class WorkspaceStore {
  readonly #file: string;
  #current: WorkspaceDocument;

  constructor(dataFolder: string) {
    this.#file = join(dataFolder, 'workspace.json');
    this.#current = load(this.#file);
  }

  /** The newest document. */
  get current(): WorkspaceDocument {
    return this.#current;
  }

  /** Saves a change made on `revision`; refuses when another window saved in between. */
  save(
    revision: number,
    document: WorkspaceDocument['document'],
  ): Result<WorkspaceDocument, WorkspaceRefusal> {
    if (revision !== this.#current.revision) {
      const message = `workspace revision must be ${this.#current.revision}, was ${revision}`;
      return err({ code: 'WORKSPACE_REVISION', message });
    }
    if (isDeeper(document, MOST_DEPTH)) {
      const message = `a workspace must be nested at most ${MOST_DEPTH} deep`;
      return err({ code: 'WORKSPACE_TOO_DEEP', message });
    }
    const next = { revision: revision + 1, document };
    const beside = `${this.#file}.new`;
    try {
      writeFileSync(beside, JSON.stringify(next), { mode: 0o600 });
      renameSync(beside, this.#file);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return err({ code: 'WORKSPACE_UNWRITABLE', message: `the workspace is not saved: ${why}` });
    }
    this.#current = next;
    return ok(next);
  }
}

/** A missing file is a first start; a damaged one is set aside, never deleted. */
function load(file: string): WorkspaceDocument {
  const empty: WorkspaceDocument = { revision: 0, document: null };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return empty;
  }
  const decoded = decodeMessage(workspaceSchema, text);
  if (decoded.ok) return decoded.value;
  let aside = `${file}.damaged`;
  for (let count = 2; existsSync(aside); count += 1) aside = `${file}.damaged-${count}`;
  renameSync(file, aside);
  return empty;
}

function isDeeper(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return most === 0 || Object.values(value).some((inner) => isDeeper(inner, most - 1));
}
