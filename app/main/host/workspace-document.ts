import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMessage } from '../../engine/api/codec.ts';
import { workspaceSchema, type WorkspaceDocument } from '../../engine/api/host-service.ts';
import { err, ok, type Result } from '../../engine/base/result.ts';

/** A change that was made on an older revision. */
export interface WorkspaceConflict {
  readonly code: 'WORKSPACE_REVISION';
  readonly message: string;
}

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
  ): Result<WorkspaceDocument, WorkspaceConflict> {
    if (revision !== this.#current.revision) {
      const message = `workspace revision must be ${this.#current.revision}, was ${revision}`;
      return err({ code: 'WORKSPACE_REVISION', message });
    }
    this.#current = { revision: revision + 1, document };
    const beside = `${this.#file}.new`;
    writeFileSync(beside, JSON.stringify(this.#current), { mode: 0o600 });
    renameSync(beside, this.#file);
    return ok(this.#current);
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
  renameSync(file, `${file}.damaged`);
  return empty;
}
