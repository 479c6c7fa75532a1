import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeMessage } from '../../engine/api/codec.ts';
import { hostRequestSchema } from '../../engine/api/host-service.ts';
import { WorkspaceStore } from './workspace-document.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qd-workspace-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('WorkspaceStore', () => {
  test('what is saved is there at the next start, readable by its owner only', () => {
    const saved = new WorkspaceStore(folder).save(0, { panels: [1, null, 'a'] });
    expect(saved.ok && saved.value.revision).toBe(1);
    expect(new WorkspaceStore(folder).current).toEqual({
      revision: 1,
      document: { panels: [1, null, 'a'] },
    });
    expect(statSync(join(folder, 'workspace.json')).mode & 0o777).toBe(0o600);
  });

  test('a change made on an older revision is refused', () => {
    const store = new WorkspaceStore(folder);
    store.save(0, 'first');
    expect(store.save(0, 'second')).toMatchObject({ error: { code: 'WORKSPACE_REVISION' } });
    expect(store.current.document).toBe('first');
  });

  test('damaged files are set aside, each under a name of its own', () => {
    for (const text of ['{"revision":', '[]']) {
      writeFileSync(join(folder, 'workspace.json'), text);
      expect(new WorkspaceStore(folder).current.revision).toBe(0);
    }
    const names = readdirSync(folder).toSorted();
    expect(names).toEqual(['workspace.json.damaged', 'workspace.json.damaged-2']);
  });

  test('a disk that refuses leaves the document as it was', () => {
    const store = new WorkspaceStore(folder);
    mkdirSync(join(folder, 'workspace.json.new'));
    expect(store.save(0, 'first')).toMatchObject({ error: { code: 'WORKSPACE_UNWRITABLE' } });
    expect(store.current).toEqual({ revision: 0, document: null });
  });

  test('a document nested beyond any layout is refused, beyond the stack too', () => {
    const store = new WorkspaceStore(folder);
    expect(store.save(0, JSON.parse(nested(64))).ok).toBe(true);
    const deep = store.save(1, JSON.parse(nested(66)));
    expect(deep).toMatchObject({ error: { code: 'WORKSPACE_TOO_DEEP' } });
    const text = `{"type":"SaveWorkspace","revision":1,"document":${nested(300_000)}}`;
    const decoded = decodeMessage(hostRequestSchema, text);
    expect(decoded).toMatchObject({ error: { code: 'MESSAGE_MALFORMED' } });
  });
});
