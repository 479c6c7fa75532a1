import { decodeMessage, encodeMessage } from '../../engine/api/codec.ts';
import {
  feedMessageSchema,
  feedRequestSchema,
  type FeedMessage,
  type FeedRequest,
} from '../../engine/api/feed-service.ts';
import { fractionDone, type Download, type DownloadOrder } from '../../engine/domain/download.ts';
import { openControlSocket } from '../../engine/net/control-socket.ts';
import { dataFolderPath } from '../../engine/store/data-folder.ts';
import { CommandFailure, FAILED, printJson, printLine, WRONG_INPUT } from '../output.ts';
import { findEngine } from '../running-engine.ts';
import type { StoreOptions } from './tick-options.ts';

/** How long the engine has to take a request. */
const ANSWER_TIMEOUT_MS = 10_000;
/** Percent of a download between two lines about it. */
const TOLD_EVERY = 5;

/** What `qd ticks download` was given. */
export interface DownloadOptions
  extends StoreOptions, Pick<DownloadOrder, 'instrument' | 'kind' | 'from' | 'to'> {
  readonly replace?: boolean;
  readonly wait: boolean;
}

/** Has the running engine download the past and tells how far it is; without waiting it goes on by itself. */
export async function downloadTicks(options: DownloadOptions): Promise<void> {
  const { instrument, kind, from, to, replace = false, json = false } = options;
  const download = await follow(
    options,
    { instrument, kind, from, to, replace },
    (line) => !json && printLine(line),
  );
  if (json) printJson(download);
  if (download.state === 'Failed') {
    throw new CommandFailure(FAILED, `the download failed: ${download.message ?? ''}`);
  }
}

/** The download as it is when it ended, or, without waiting, when it was taken. */
async function follow(
  { data, wait }: DownloadOptions,
  order: DownloadOrder,
  tell: (line: string) => void,
): Promise<Download> {
  const engine = findEngine(dataFolderPath(data));
  return new Promise((resolve, reject) => {
    let own: number | undefined;
    let told = '';
    const fail = (code: number, words: string): void => {
      clearTimeout(timer);
      socket.close();
      reject(new CommandFailure(code, words));
    };
    const send = (request: FeedRequest): void => {
      socket.send(encodeMessage(feedRequestSchema, request));
    };
    const onList = (downloads: readonly Download[]): void => {
      const download = downloads.find(({ id }) => id === own);
      if (download === undefined) return;
      const line = progressLine(download);
      if (line !== told) tell(line);
      told = line;
      if (wait && download.state !== 'Done' && download.state !== 'Failed') return;
      socket.close();
      resolve(download);
    };
    const onMessage = (message: FeedMessage): void => {
      switch (message.type) {
        case 'Welcome':
          send({ type: 'StartDownload', request: 1, order });
          return;
        case 'DownloadAccepted':
          clearTimeout(timer);
          own = message.download;
          send({ type: 'WatchDownloads', on: true });
          return;
        case 'RequestFailed':
          fail(WRONG_INPUT, message.message);
          return;
        case 'Downloads':
          onList(message.downloads);
          return;
        default:
      }
    };
    const timer = setTimeout(() => {
      fail(FAILED, `the engine gave no answer in ${ANSWER_TIMEOUT_MS} ms`);
    }, ANSWER_TIMEOUT_MS);
    const socket = openControlSocket(engine, 'feed', {
      onMessage(text) {
        const decoded = decodeMessage(feedMessageSchema, text);
        if (decoded.ok) onMessage(decoded.value);
        else fail(FAILED, decoded.error.message);
      },
      onClose(reason) {
        fail(FAILED, `the connection to the engine ended: ${reason}`);
      },
    });
  });
}

/** In steps: a line for each page would be too many. */
function progressLine(download: Download): string {
  const { id, state, doneDays, days, skippedDays, rows, message } = download;
  const percent = Math.floor((fractionDone(download) * 100) / TOLD_EVERY) * TOLD_EVERY;
  const there = skippedDays === 0 ? '' : `, ${skippedDays} were there`;
  const why = message === undefined ? '' : `: ${message}`;
  return `download ${id}: ${percent} %, ${doneDays} of ${days} days${there}, ${rows} rows, ${state.toLowerCase()}${why}`;
}
