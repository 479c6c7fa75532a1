import { encodeMessage } from '../api/codec.ts';
import { processReportSchema } from '../api/supervision.ts';
import { BadInputs } from '../base/bad-input.ts';
import { levelOfArguments, Logger } from '../base/log.ts';
import { Masker } from '../base/mask.ts';
import { parentLink } from './parent-link.ts';
import { SystemTime } from './system-time.ts';

const time = new SystemTime();
const nowMicros = (): number => time.nowMicros();

/** The secrets of this process. */
export const masker = new Masker();

/** The log of this process; its records go to main, which keeps the files. */
export const log = new Logger({
  nowMicros,
  masker,
  threshold: levelOfArguments(process.argv),
  write(record) {
    parentLink.post(encodeMessage(processReportSchema, { type: 'Log', record }));
  },
});

/** What came in wrong here. */
export const badInputs = new BadInputs(masker, nowMicros);

/** Counts wrong input and logs it as often as is bearable. */
export function noteBadInput(area: string, code: string, sample: string): void {
  if (badInputs.note(code, sample)) log.warn(area, code, sample.slice(0, 300));
}
