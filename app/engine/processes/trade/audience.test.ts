import { expect, test } from 'vitest';
import type { TradeMessage } from '../../api/trade-service.ts';
import type { ClientId } from '../../domain/identifiers.ts';
import { ManualTime } from '../../net/scheduler.ts';
import type { ClientChannel } from '../../server/client-channel.ts';
import { Audience } from './audience.ts';
import type { Alert } from './last-alerts.ts';

class Window implements ClientChannel {
  readonly client = 'desk-1' as ClientId;
  readonly heard: string[] = [];

  send(text: string): void {
    const message = JSON.parse(text) as TradeMessage;
    this.heard.push(
      message.type === 'Updates'
        ? message.updates.map((update) => (update.type === 'Alert' ? update.code : '')).join(' ')
        : message.type,
    );
  }

  onMessage(): void {}

  onClose(): void {}

  close(): void {}
}

const fact = (code: string): Alert => ({ type: 'Alert', level: 'Info', code, message: '' });
const previewed = { type: 'Previewed', request: 1, ok: true, code: 'OK', message: '' } as const;

test('facts that come until the turn ends travel in one message, in order', () => {
  const ends: (() => void)[] = [];
  const audience = new Audience(new ManualTime(), (flush) => ends.push(flush));
  const window = new Window();
  audience.add(window);
  audience.tell([fact('A')]);
  audience.tell([fact('B'), fact('C')]);
  expect(window.heard).toEqual([]);
  for (const end of ends.splice(0)) end();
  audience.tell([fact('D')]);
  for (const end of ends.splice(0)) end();
  expect(window.heard).toEqual(['A B C', 'D']);
});

test('an answer never overtakes the facts before it', () => {
  const audience = new Audience(new ManualTime(), () => undefined);
  const window = new Window();
  audience.add(window);
  audience.tell([fact('A')]);
  audience.send(window, previewed);
  expect(window.heard).toEqual(['A', 'Previewed']);
});

test('a newcomer hears nothing of before it came', () => {
  const ends: (() => void)[] = [];
  const audience = new Audience(new ManualTime(), (flush) => ends.push(flush));
  const [first, second] = [new Window(), new Window()];
  audience.add(first);
  audience.tell([fact('A')]);
  audience.add(second);
  audience.tell([fact('B')]);
  for (const end of ends) end();
  expect(first.heard).toEqual(['A', 'B']);
  expect(second.heard).toEqual(['B']);
});

test('what was said before the last stop is told to who comes in the first minute', () => {
  const time = new ManualTime();
  const audience = new Audience(time, undefined, [fact('A'), fact('B')]);
  const [first, second] = [new Window(), new Window()];
  audience.add(first);
  audience.tellLast(first);
  time.advance(60_001);
  audience.add(second);
  audience.tellLast(second);
  expect([first.heard, second.heard]).toEqual([['A B'], []]);
});
