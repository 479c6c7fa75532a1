import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMessage, encodeMessage } from '../../../engine/api/codec.ts';
import type { DeskDocument } from '../../../engine/api/workspace.ts';
import { copyFromSecond } from './second-form.ts';
import { copyFileSchema, type RecoveryCopy } from '../../../engine/api/workspace-changes.ts';

/** Copies kept; the oldest goes. */
export const MOST_COPIES = 24;
const NAME = /^\d{8}T\d{9}Z-\d{1,6}\.json$/;

/** Dated copies of every workspace in a folder of their own. */
export class RecoveryCopies {
  readonly #folder: string;
  /** Oldest first. */
  #copies: readonly (RecoveryCopy & { readonly document: DeskDocument })[];

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'workspace-copies');
    this.#copies = this.#read();
  }

  /** What can be restored, newest first. */
  list(): readonly RecoveryCopy[] {
    return this.#copies
      .map(({ id, at, reason, workspaces }) => ({ id, at, reason, workspaces }))
      .toReversed();
  }

  /** When the newest was made, UnixMicros; undefined without one. */
  get newestAt(): number | undefined {
    return this.#copies.at(-1)?.at;
  }

  /** The document of a copy; undefined when it is gone. */
  document(id: string): DeskDocument | undefined {
    return this.#copies.find((copy) => copy.id === id)?.document;
  }

  /** Keeps a document; one that the newest copy holds already is not kept twice. Throws what the disk says. */
  add(document: DeskDocument, at: number, reason: string): void {
    const newest = this.#copies.at(-1)?.document;
    if (newest !== undefined && JSON.stringify(newest) === JSON.stringify(document)) return;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const stamp = new Date(Math.floor(at / 1000)).toISOString().replaceAll(/[-:.]/g, '');
    const taken = new Set(this.#copies.map(({ id }) => id));
    let number = 1;
    while (taken.has(`${stamp}-${number}.json`)) number += 1;
    const id = `${stamp}-${number}.json`;
    const text = encodeMessage(copyFileSchema, { at, reason, document });
    writeFileSync(join(this.#folder, id), text, { mode: 0o600 });
    const workspaces = document.workspaces.map(({ name }) => name);
    this.#copies = [...this.#copies, { id, at, reason, workspaces, document }];
    for (const old of this.#copies.slice(0, -MOST_COPIES)) {
      rmSync(join(this.#folder, old.id), { force: true });
    }
    this.#copies = this.#copies.slice(-MOST_COPIES);
  }

  /** A copy that cannot be read is left where it is and not offered. */
  #read(): readonly (RecoveryCopy & { readonly document: DeskDocument })[] {
    return namesIn(this.#folder).flatMap((id) => {
      const text = copyFromSecond(readText(join(this.#folder, id)));
      const decoded = decodeMessage(copyFileSchema, text);
      if (!decoded.ok) return [];
      const { at, reason, document } = decoded.value;
      const workspaces = document.workspaces.map(({ name }) => name);
      return [{ id, at, reason, workspaces, document }];
    });
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => NAME.test(name))
      .toSorted();
  } catch {
    // No folder yet: no copies.
    return [];
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
