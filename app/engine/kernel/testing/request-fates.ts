/**
 * What becomes of a request on its way: it arrives; it is lost, told as unknown (a question: told nothing, ever); it arrives and the answer is lost, or is a
 * server's error; it never left; it is refused because too much was asked, or because of its time stamp.
 */
export type Fate =
  'Arrives' | 'Lost' | 'AnswerLost' | 'ServerError' | 'NotSent' | 'Banned' | 'ClockOff';

/** How the venue words its refusals of a request as such. */
export const REFUSALS = {
  Banned: { code: 'TOO_MANY_REQUESTS', message: 'banned until later', fault: 'Banned' },
  ClockOff: {
    code: 'TIMESTAMP_OUTSIDE_WINDOW',
    message: 'outside of the recvWindow',
    fault: 'TimestampOutside',
  },
} as const;
